package io.penstock.ecmp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Typed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
    @TempDir
    private Path directory;

    @Test
    void shouldSayHowLongFailuresGoUnnoticed() throws IOException {
        Path file = Files.writeString(directory.resolve("e.yaml"), """
                vips:
                  web: { address: 192.0.2.10, health: { forwarder: "unix:/run/a.sock" } }
                  mail: { address: 192.0.2.25, health: { port: 25, interval: 1s, fast-interval: 200ms, fall: 4 }, lease: 5s }
                  always: { address: 192.0.2.99, health: none }
                routes:
                  a: { prefix: 192.0.2.10, health: { port: 80 }, legs: [10.0.1.11, { via: 10.0.2.11, health: none }] }
                  b: { prefix: 192.0.2.11, legs: [10.0.1.11] }
                """);

        Typed typed = EcmpAgent.typed("check", "-c", file.toString());

        // 200 ms to the first question, then three that take 500 ms each; 1 s, 3 times 200 ms, and a timeout of 200 ms.
        assertEquals(0, typed.exitCode(), typed::err);
        assertEquals(file + ": ok: 3 VIPs, 2 routes, 3 legs\n" + """
                note: vip web: goes at most 1.7s after its forwarder has failed, and about 3.0s after the agent was killed or frozen
                note: vip mail: goes at most 1.8s after its checks begin to fail, and about 5.0s after the agent was killed or frozen
                note: vip always: goes never for its health, and about 3.0s after the agent was killed or frozen
                note: route a: a leg goes at most 0.8s after its checks begin to fail; by its link alone: 10.0.2.11
                note: route b: a leg goes when its link does
                """, typed.out());
    }

    @Test
    void shouldReportEveryProblem() throws IOException {
        Path file = Files.writeString(directory.resolve("e.yaml"), "protocol: 4\nvips: {}\n");

        Typed typed = EcmpAgent.typed("check", "-c", file.toString());

        assertEquals(1, typed.exitCode());
        assertEquals("", typed.out());
        assertTrue(typed.err().startsWith(file + ":1:11: protocol: must be a whole number from 5 to 255 (was 4)\n"));
        assertTrue(typed.err().contains(file + ":2:7: vips: must be a mapping of names to vips, with at least one"));
    }
}
