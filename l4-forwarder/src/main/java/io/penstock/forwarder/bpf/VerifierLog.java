package io.penstock.forwarder.bpf;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.DirectBuffer;

/** What the kernel's verifier says of a program that it refuses. */
final class VerifierLog {
    private VerifierLog() {}

    /**
     * The last lines, where the reason is; without the statistics that follow it.
     *
     * @param log a C string
     */
    static List<String> lastLines(DirectBuffer log, int count) {
        int length = 0;
        while (length < log.capacity() && log.getByte(length) != 0) {
            length++;
        }
        byte[] text = new byte[length];
        log.getBytes(0, text);
        List<String> lines = new String(text, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank() && !isStatistics(line))
                .toList();
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    private static boolean isStatistics(String line) {
        return line.startsWith("processed ")
                || line.startsWith("verification time ")
                || line.startsWith("stack depth ");
    }
}
