package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.forwarder.bpf.Requirements;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lab {@code dsr} with real forwarders of packets: it comes up, answers in each encapsulation, and leaves nothing behind. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class DsrLabIT {
    private static final List<String> HOSTS = List.of(
            "192.0.2.10",
            "192.0.2.20",
            "192.0.2.30",
            "192.0.2.40",
            "[2001:db8:10::10]",
            "[2001:db8:10::20]",
            "[2001:db8:10::30]",
            "[2001:db8:10::40]");
    private static final List<String> TOOLS =
            List.of("knotd", "iperf3", "ethtool", "nsenter", "nft", "ping", "curl", "wrk", "dnsperf");

    /** Not up yet. The calling test is skipped where there can be none. */
    static Lab lab(String prefix) {
        Lab lab = Lab.of("dsr", prefix, TOOLS.toArray(String[]::new));
        List<String> problems = Requirements.problems();
        assumeTrue(problems.isEmpty(), () -> "skipped: " + String.join("; ", problems));
        return lab;
    }

    @Test
    void shouldAnswerInEachEncapsulationAndLeaveNothingBehind() throws Exception {
        Lab lab = lab("ds");
        try (lab) {
            lab.up();
            for (String host : HOSTS) {
                assertAnswered(lab, host);
            }
            String status = lab.run("status");
            assertEquals(
                    2, status.lines().filter(line -> line.contains("prog/xdp")).count(), status);
            lab.run("break", "f1.link");
            lab.run("break", "b1");
            for (String host : HOSTS) {
                assertAnswered(lab, host);
            }
            lab.run("heal", "b1");
            lab.run("heal", "f1.link");
        }
        assertEquals(List.of(), lab.traces());
        for (String forwarder : List.of("f1", "f2")) {
            assertTrue(
                    Files.notExists(Path.of("/sys/fs/bpf/penstock", lab.host(forwarder))),
                    "programs of " + forwarder + " are pinned still");
        }
    }

    /** As a client that tries again sees it: a router needs a moment to see that a forwarder is cut off. */
    private static void assertAnswered(Lab lab, String host) throws Exception {
        String answer = lab.run(
                "shell",
                "client",
                "curl",
                "-sS",
                "--retry",
                "20",
                "--retry-all-errors",
                "--retry-delay",
                "1",
                "-m",
                "2",
                "http://" + host + "/");
        assertTrue(answer.lines().anyMatch(line -> line.matches("b[123] dsr")), host + ": " + answer);
    }
}
