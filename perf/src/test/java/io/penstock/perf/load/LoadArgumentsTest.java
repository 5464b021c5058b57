package io.penstock.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

final class LoadArgumentsTest {
    private final StringWriter errors = new StringWriter();

    @Test
    void shouldRefuseAnUnknownWorkload() {
        assertRefused("no such workload: 'bulk'", "bulk");
    }

    @Test
    void shouldRefuseATargetThatIsNone() {
        for (String target : List.of("127.0.0.1", "localhost:80", "127.0.0.1:http", "127.0.0.1:65536", "")) {
            assertRefused("--target must be like 127.0.0.1:80 (was " + target + ")", "many", "--target=" + target);
        }
    }

    @Test
    void shouldRefuseNumbersOutOfRange() {
        assertRefused("--seconds must be 1 to 600 (was 0)", "many", "--seconds=0");
        assertRefused("--connections must be 1 to 9800 (was 0)", "many", "--connections=0");
        assertRefused("--idle must be 0 to 9800 (was -1)", "idle", "--idle=-1");
        assertRefused("--warm-up-ms must be 0 to 60000 (was -1)", "many", "--warm-up-ms=-1");
        assertRefused("--self-warm-up-ms must be 0 to 60000 (was -1)", "many", "--self-warm-up-ms=-1");
        assertRefused("--backend-port must be 1 to 65535 (was 0)", "many", "--backend-port=0");
    }

    @Test
    void shouldRefuseARateTheWorkloadHasNot() {
        assertRefused("--rate cannot be 0.0 for cold", "cold", "--rate=0");
        assertRefused("--rate cannot be -5.0 for latency", "latency", "--rate=-5");
    }

    private void assertRefused(String message, String workload, String... options) {
        List<String> arguments = new ArrayList<>(List.of(workload));
        arguments.addAll(List.of(options));
        addUnlessGiven(arguments, "--target=", "127.0.0.1:1");
        addUnlessGiven(arguments, "--backend-port=", "1");
        int exitCode = new CommandLine(new LoadMain())
                .setErr(new PrintWriter(errors, true))
                .execute(arguments.toArray(String[]::new));
        assertEquals(ExitCode.USAGE, exitCode);
        assertTrue(errors.toString().contains(message), errors::toString);
    }

    private static void addUnlessGiven(List<String> arguments, String option, String value) {
        if (arguments.stream().noneMatch(argument -> argument.startsWith(option))) {
            arguments.add(option + value);
        }
    }
}
