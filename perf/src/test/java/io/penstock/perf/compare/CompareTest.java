package io.penstock.perf.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

final class CompareTest {
    private final StringWriter errors = new StringWriter();

    @Test
    void shouldRefuseWorkloadsItDoesNotKnow() {
        assertRefused("no such workload: 'keepalife'", "--forwarder=/bin/true", "keepalife");
    }

    @Test
    void shouldRefuseContestantsItDoesNotKnow() {
        assertRefused("no such contestant: 'envoy'", "--forwarder=/bin/true", "--only=nginx,envoy");
    }

    @Test
    void shouldRefuseMeasurementsWithoutTime() {
        assertRefused("--seconds must be 1 to", "--forwarder=/bin/true", "--seconds=0");
    }

    @Test
    void shouldRefuseMoreRoundsThanAnyoneWaitsFor() {
        assertRefused("--rounds must be 1 to 99 (was 100)", "--forwarder=/bin/true", "--rounds=100");
    }

    @Test
    void shouldRefuseALauncherThatIsNotThere() {
        assertRefused("/nowhere/forwarder cannot be run", "--forwarder=/nowhere/forwarder", "connect");
    }

    private void assertRefused(String message, String... arguments) {
        int exitCode = new CommandLine(new Compare())
                .setErr(new PrintWriter(errors, true))
                .execute(withHome(arguments));
        assertEquals(ExitCode.USAGE, exitCode);
        assertTrue(errors.toString().contains(message), errors::toString);
    }

    private static String[] withHome(String... arguments) {
        String[] all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--home=/nowhere";
        return all;
    }
}
