package io.penstock.vrrp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.cli.ProgramNames;
import io.penstock.testing.Typed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulateCommandTest {
    private static final Path EXAMPLES = Path.of("src/main/dist/share/scenarios");

    @TempDir
    private Path directory;

    private static Typed simulate(String... arguments) {
        return Typed.of(new SimulateCommand(), new ProgramNames("agent", "PENSTOCK_VRRP_ADMIN"), arguments);
    }

    @Test
    void shouldShowWhatHappensAndWhoHasTheVip() {
        Typed typed = simulate(EXAMPLES.resolve("killed.yaml").toString());

        assertEquals(0, typed.exitCode(), typed::err);
        assertEquals("""
                     TIME  HOST  FROM        TO      REASON
                 0.000000  a     initialize  backup  started
                 0.000000  b     initialize  backup  started
                 3.218750  a     backup      active  no active router was heard
                12.829125  b     backup      active  192.0.2.1 was not heard any more
                20.000000  a     initialize  backup  started
                23.218750  a     backup      active  192.0.2.2 has the lower priority 100
                23.219750  b     active      backup  192.0.2.1 is active with priority 200, higher than 100

                     FROM         TO     LENGTH  VIP
                 0.000000   3.218750   3.218750  nobody
                 3.218750  12.829125   9.610375  a
                12.829125  13.000000   0.170875  a, b
                13.000000  23.218750  10.218750  b
                23.218750  23.219750   0.001000  a, b
                23.219750  30.000000   6.780250  a

                Nobody had the VIP for 3.218750 s, several had it for 0.171875 s, of 30.000000 s.
                """, typed.out());
    }

    @ParameterizedTest
    @CsvSource({
        "stopped, b, 192.0.2.1 stopped being active",
        "partition, b, 'is active with priority 200, higher than 100'",
        "standstill, a, no advertisement left for 2078 ms",
        "tracked, b, eth1 has no carrier",
        "tracked, b, handed over on purpose"
    })
    void shouldRunTheExamples(String example, String host, String reason) {
        Typed typed = simulate(EXAMPLES.resolve(example + ".yaml").toString());

        assertEquals(0, typed.exitCode(), typed::err);
        assertTrue(
                typed.out().lines().anyMatch(line -> line.contains("  " + host + "  ") && line.contains(reason)),
                typed::out);
    }

    @Test
    void shouldShowPacketsWhenAsked() throws IOException {
        Path file = Files.writeString(directory.resolve("s.yaml"), """
                duration: 2s
                hosts:
                  a: { address: 192.0.2.1, priority: owner }
                  b: { address: 192.0.2.2, priority: owner, start: 500ms }
                """);

        Typed typed = simulate("--packets", file.toString());

        assertTrue(typed.out().startsWith("""
                    TIME  HOST  FROM        TO      REASON
                0.000000  a                         sends priority 255
                0.000000  a     initialize  active  it owns the addresses
                0.500000  b                         sends priority 255
                0.500000  b     initialize  active  it owns the addresses
                0.501000  a                         192.0.2.2 says that it owns the addresses too
                0.501000  a     active      backup  192.0.2.2 is active with the same priority 255 and the higher address
                1.500000  b                         sends priority 255
                """), typed::out);
    }

    @Test
    void shouldReportEveryProblem() throws IOException {
        Path file = Files.writeString(directory.resolve("s.yaml"), """
                version: 2
                hosts:
                  a: { address: 192.0.2.1, priority: 300 }
                  b: { address: 192.0.2.1, advertisement-interval: 1500ms }
                events:
                  - { at: 1s, kil: a }
                  - { at: 2, stop: c }
                  - { at: 3s, cut: [a, a] }
                  - { at: 4s, cut: { from: a } }
                  - { at: 5s, start: a, stop: a }
                  - { kill: b }
                  - { at: 6s, priority: { a: 0 } }
                """);

        Typed typed = simulate(file.toString());

        assertEquals(1, typed.exitCode());
        assertEquals("", typed.out());
        assertEquals("""
                3:38: hosts.a.priority: must be a whole number from 1 to 254 (was 300)
                4:17: hosts.b.address: is another host's, at line 3 (was 192.0.2.1)
                4:52: hosts.b.advertisement-interval: must be whole seconds in version 2 (was 1500ms)
                6:11: events[0].at: needs one of these beside it: start, stop, kill, freeze, thaw, cut, heal, priority,\
                 fault, recover, hand-over (was 1s)
                6:15: events[0].kil: unknown key, did you mean 'kill'? (was kil)
                7:11: events[1].at: needs a unit, such as 2ms or 2s (was 2)
                7:20: events[1].stop: must be the name of one of the hosts: a, b (was c)
                8:20: events[2].cut: must be the names of two of the hosts, such as [a, b] (was a list)
                9:15: events[3].cut.to: is required (was absent)
                10:31: events[4].stop: cannot stand beside start (was a)
                11:5: events[5].at: is required (was absent)
                12:30: events[6].priority.a: must be a whole number from 1 to 254 (was 0)
                 12 problems
                """, typed.err().replace(file + ":", ""));
    }
}
