package io.penstock.vrrp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.cli.ProgramNames;
import io.penstock.testing.Typed;
import io.penstock.vrrp.config.VrrpConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
    private static final String ADMIN = "admin: { listen: \"unix:/run/penstock/vrrp.sock\" }\n";

    @TempDir
    private Path directory;

    @Test
    void shouldSayHowLongRoutersTakeToTakeOver() throws IOException {
        assertEquals(
                List.of(
                        "note: router web: takes over 341ms after the last advertisement of another with this interval, or"
                                + " 41ms after one that has stopped; when it was killed or frozen, the kernel removes"
                                + " its VIPs after about 3.0s",
                        "note: router web: has a priority from 90 to 150, by what it follows",
                        "note: router own: is the owner: active from its start, whoever else is; when it was killed or"
                                + " frozen, the kernel removes its VIPs after about 5.0s"),
                advice(ADMIN + """
                        routers:
                          web: { interface: eth0, vrid: 51, priority: 150, advertisement-interval: 100ms, vips: [192.0.2.10/24],
                                 track: [{ forwarder: "http://127.0.0.1:9080", weight: -60 }, { interface: eth1 }, { file: drain, weight: 2 }] }
                          own: { interface: eth0, vrid: 52, priority: owner, lease: 5s, vips: [192.0.2.20/24], track: [{ interface: eth1 }] }
                        """));
    }

    @Test
    void shouldWarnOfWhatIsOftenRegretted() throws IOException {
        assertEquals(
                List.of(
                        "note: router a: takes over 36ms after the last advertisement of another with this interval, or 6ms"
                                + " after one that has stopped; when it was killed or frozen, the kernel removes its VIPs"
                                + " after about 3.0s",
                        "note: router a: has priority 100, as all that say nothing of it: between equals the one that is"
                                + " active stays so, and of two that are the one with the higher address",
                        "note: router a: speaks with 1 peer only, each of which must name this host too",
                        "warning: router a: takes advertisements from 5 routers away: whoever can send from a peer's address"
                                + " can take its VIPs",
                        "warning: router a: advertises every 10ms without realtime.priority and realtime.lock-memory: on a"
                                + " busy machine it may be late, and another takes over",
                        "warning: router a: follows nothing but eth0: it stays active when what it serves has failed; see"
                                + " track",
                        "note: router b: takes over 3.5s after the last advertisement of another with this interval, or"
                                + " 500ms after one that has stopped; when it was killed or frozen, the kernel removes its"
                                + " VIPs after about 3.0s",
                        "warning: router b: has a password, which is no protection: it goes over the network as it is",
                        "warning: router b: follows nothing but eth9: it stays active when what it serves has failed; see"
                                + " track",
                        "note: router b: this machine has no interface eth9 now",
                        "note: without admin there are no status, events, failover and metrics"),
                advice("""
                        routers:
                          a: { interface: eth0, vrid: 51, advertisement-interval: 10ms, vips: [192.0.2.10/24],
                               unicast: { peers: [192.0.2.2], min-ttl: 250 } }
                          b: { interface: eth9, vrid: 52, version: 2, password: secret, priority: 128, virtual-mac: true, vips: [192.0.2.20/24] }
                        """));
    }

    @Test
    void shouldSayWhatRealtimeTakes() throws IOException {
        List<String> advice = advice(ADMIN + """
                realtime: { priority: 10, lock-memory: true }
                routers:
                  a: { interface: eth0, vrid: 51, priority: 200, advertisement-interval: 10ms, vips: [192.0.2.10/24], track: [{ interface: eth1 }] }
                """);

        assertEquals(
                List.of(
                        "note: realtime.priority takes CAP_SYS_NICE, or LimitRTPRIO=10 in the unit",
                        "note: realtime.lock-memory takes CAP_IPC_LOCK, or LimitMEMLOCK=infinity in the unit"),
                advice.subList(1, advice.size()));
    }

    private List<String> advice(String yaml) throws IOException {
        return Advice.lines(VrrpConfigReader.read(write(yaml)), Set.of("eth0", "eth1")::contains);
    }

    @Test
    void shouldSayWhatIsThere() throws IOException {
        Path file = write(ADMIN + """
                routers: { web: { interface: lo, vrid: 51, vips: [192.0.2.10/24, 192.0.2.11/24], track: [{ interface: no-such }] } }
                """);

        Typed typed = check(file);

        assertEquals(0, typed.exitCode(), typed::err);
        List<String> lines = typed.out().lines().toList();
        assertEquals(file + ": ok: 1 router, 2 VIPs, 0 groups, 0 hooks", lines.get(0));
        assertEquals("note: router web: this machine has no interface no-such now", lines.get(lines.size() - 1));
    }

    @Test
    void shouldReportEveryProblem() throws IOException {
        Path file = write("protocol: 4\nrouters: {}\n");

        Typed typed = check(file);

        assertEquals(1, typed.exitCode());
        assertEquals("", typed.out());
        assertTrue(typed.err().startsWith(file + ":1:11: protocol: must be a whole number from 5 to 255 (was 4)\n"));
        assertTrue(typed.err().contains(file + ":2:10: routers: must be a mapping of names to routers"), typed::err);
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("v.yaml"), yaml);
    }

    private static Typed check(Path file) {
        return Typed.of(new CheckCommand(), new ProgramNames("agent", "PENSTOCK_VRRP_ADMIN"), "-c", file.toString());
    }
}
