package io.penstock.ecmp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.admin.Json;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.testing.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a lease promises: without its agent the VIP goes, and with it the VIP stays, however busy the machine is. The load
 * lasts {@code penstock.lease.minutes}, 10 unless it is set.
 */
@Timeout(1_800)
class LeaseIT {
    private static final String VIP = "192.0.2.10";
    private static final int LEASE_S = 3;
    private static final int PORT = 80;
    private static final int MINUTES = Integer.getInteger("penstock.lease.minutes", 10);
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    @TempDir
    Path directory;

    private NetworkNamespace host;
    private AddressWatch vip;
    private Backend server;

    @BeforeEach
    void make() throws Exception {
        host = NetworkNamespace.create();
        vip = AddressWatch.of(host, VIP);
        server = Backend.start(host, PORT);
    }

    @AfterEach
    void end() throws Exception {
        if (host != null) {
            server.close();
            vip.close();
            host.close();
        }
    }

    @Test
    void shouldLoseVipWithinLeaseAndSecondWhenAgentIsKilled() throws Exception {
        try (DistProcess agent = agent("tcp")) {
            vip.awaitThere();
            vip.awaitPuts(1);
            long killedNs = System.nanoTime();
            agent.kill();
            assertGoneInTime(killedNs);
        }
    }

    /** A process that hangs is worse than one that is dead: its sockets still take connections. */
    @Test
    void shouldLoseVipOfFrozenAgentAndBeginAnewWhenItThaws() throws Exception {
        try (DistProcess agent = agent("tcp")) {
            vip.awaitThere();
            vip.awaitPuts(1);
            long frozenNs = System.nanoTime();
            agent.freeze();
            assertGoneInTime(frozenNs);
            agent.thaw();
            vip.awaitThere();
            agent.awaitLog("from=waiting to=held");
            JsonObject status = vipStatus();
            assertEquals(1, status.get("lapses").getAsInt(), agent::log);
            assertEquals(1, vip.removals(), "by the kernel only");
            assertEquals(0, agent.stop());
        }
    }

    /** What was known before the stall says nothing of the time after it. */
    @Test
    void shouldNotComeBackAfterThawUntilItIsServedAgain() throws Exception {
        try (DistProcess agent = agent("tcp")) {
            vip.awaitThere();
            agent.freeze();
            vip.awaitGone();
            long puts = vip.puts();
            server.close();
            agent.thaw();
            NetworkNamespace.await(
                    "the agent knows that nobody serves it",
                    () -> vipStatus().get("health").getAsString().equals("not-served"));
            assertEquals(puts, vip.puts(), agent::log);
            server = Backend.start(host, PORT);
            vip.awaitThere();
            assertEquals(0, agent.stop());
        }
    }

    /** A stall that is shorter than the lease is none. */
    @Test
    void shouldKeepVipWhenAgentStallsForLessThanItsLease() throws Exception {
        try (DistProcess agent = agent("tcp")) {
            vip.awaitThere();
            vip.awaitPuts(1);
            agent.freeze();
            NetworkNamespace.await(
                    "most of the lease is over", () -> vip.look().orElseThrow().validSeconds() <= 1);
            agent.thaw();
            vip.awaitPuts(2);
            assertEquals(0, vip.removals(), agent::log);
            assertEquals(0, vipStatus().get("lapses").getAsInt());
            assertEquals(0, agent.stop());
        }
    }

    private void assertGoneInTime(long sinceNs) throws Exception {
        vip.awaitGone();
        double tookS = (double) (System.nanoTime() - sinceNs) / NANOS_PER_SECOND;
        System.out.printf("gone %.2f s after the agent, with a lease of %d s%n", tookS, LEASE_S);
        assertTrue(tookS <= LEASE_S + 1, () -> "gone only after " + tookS + " s");
    }

    /**
     * Established connections on a VIP that lapses are not reset: what is sent to it is lost like on a cable that was pulled, and what
     * is sent again once it is back arrives.
     */
    @Test
    void shouldCarryConnectionOnWhenVipComesBack() throws Exception {
        try (NetworkNamespace client = NetworkNamespace.create()) {
            join(client);
            try (DistProcess agent = agent("none")) {
                vip.awaitThere();
                try (Socket socket = connect(client)) {
                    socket.setSoTimeout(60_000);
                    exchange(socket, "before");
                    agent.freeze();
                    vip.awaitGone();
                    socket.getOutputStream().write(octets("while it is away"));
                    agent.thaw();
                    vip.awaitThere();
                    assertEquals("while it is away", receive(socket, "while it is away".length()));
                    exchange(socket, "after");
                }
                assertEquals(0, agent.stop());
            }
        }
    }

    /** Nobody answers for it: a router that still leads here would lead nowhere. */
    @Test
    void shouldTakeNoNewConnectionsWhileVipIsAway() throws Exception {
        try (NetworkNamespace client = NetworkNamespace.create()) {
            join(client);
            try (DistProcess agent = agent("none")) {
                vip.awaitThere();
                agent.kill();
                vip.awaitGone();
                assertThrows(IOException.class, () -> connect(client).close());
            }
        }
    }

    /** By a cable, and a route to the VIP as a router has it. */
    private void join(NetworkNamespace client) throws Exception {
        String thread = client.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString());
        host.ip("link add h0 type veth peer name c0 netns " + thread);
        host.ip("addr add 10.0.0.1/24 dev h0");
        host.ip("link set h0 up");
        client.ip("addr add 10.0.0.2/24 dev c0");
        client.ip("link set c0 up");
        client.ip("route add " + VIP + " via 10.0.0.1");
    }

    private static Socket connect(NetworkNamespace client) throws Exception {
        return client.call(() -> {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(InetAddress.getByName(VIP), PORT), 1_000);
            return socket;
        });
    }

    private static void exchange(Socket socket, String words) throws IOException {
        socket.getOutputStream().write(octets(words));
        assertEquals(words, receive(socket, words.length()));
    }

    private static String receive(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }

    private static byte[] octets(String words) {
        return words.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void shouldRefreshWithoutGapUnderFullLoad() throws Exception {
        List<Process> load = new ArrayList<>();
        try (DistProcess agent = agent("tcp")) {
            vip.awaitThere();
            vip.awaitPuts(1);
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                // Ends by itself, should this test be killed.
                load.add(new ProcessBuilder("timeout", MINUTES * 60 + 60 + "s", "sh", "-c", "while :; do :; done")
                        .start());
            }
            long least = watch(Duration.ofMinutes(MINUTES));
            JsonObject status = vipStatus();
            System.out.printf(
                    "under full load for %d min: %d refreshes, the shortest lease that was seen was %d s%n",
                    MINUTES, status.get("refreshes").getAsLong(), least);
            assertEquals(0, status.get("lapses").getAsInt(), agent::log);
            assertEquals(0, status.get("removals").getAsInt(), agent::log);
            assertEquals(0, vip.removals(), agent::log);
            assertEquals(0, agent.stop());
        } finally {
            for (Process process : load) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        }
    }

    /** The shortest lease that was seen; fails as soon as the VIP is not there. */
    private long watch(Duration time) throws Exception {
        long least = Long.MAX_VALUE;
        long endNs = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < endNs) {
            Optional<InterfaceAddress> address = vip.look();
            assertTrue(address.isPresent(), "the VIP is gone");
            assertEquals(0, vip.removals());
            least = Math.min(least, address.get().validSeconds());
            Thread.sleep(20);
        }
        return least;
    }

    private DistProcess agent(String health) throws Exception {
        String check = health.equals("none")
                ? "none"
                : "{ port: " + PORT + ", interval: 500ms, timeout: 500ms, rise: 1, fall: 3 }";
        return DistProcess.agent(host, directory, """
                admin: { listen: "unix:%1$s/ecmp.sock" }
                state-directory: %1$s
                vips:
                  web: { address: %2$s/32, lease: %3$ds, announcement: 0s, drain: 0s, health: %4$s }
                """.formatted(directory, VIP, LEASE_S, check));
    }

    private JsonObject vipStatus() throws Exception {
        AdminAddress.Unix address = new AdminAddress.Unix(directory.resolve("ecmp.sock"));
        try (AdminClient client = new AdminClient(address, Duration.ofSeconds(20))) {
            String body = client.send("GET", "/v1/status", Optional.empty()).body();
            return Json.parse(body)
                    .getAsJsonObject()
                    .getAsJsonArray("vips")
                    .get(0)
                    .getAsJsonObject();
        }
    }
}
