package io.penstock.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The end of a verifier's log. */
class VerifierLogTest {
    @Test
    void shouldGiveTheLastLinesButNotTheStatistics() {
        String log = """
                0: R1=ctx
                1: (61) r2 = *(u32 *)(r1 +0)

                R2 invalid mem access 'scalar'
                processed 2 insns (limit 1000000)
                verification time 38 usec
                stack depth 0
                """;
        assertEquals(
                List.of("1: (61) r2 = *(u32 *)(r1 +0)", "R2 invalid mem access 'scalar'"),
                VerifierLog.lastLines(Memory.string(log), 2));
        assertEquals(List.of(), VerifierLog.lastLines(Memory.zeroed(16), 2));
    }

    @Test
    void shouldReadALogThatFillsItsBuffer() {
        assertEquals(List.of("abc"), VerifierLog.lastLines(Memory.copyOf(new byte[] {'a', 'b', 'c'}), 5));
    }
}
