package io.penstock.perf.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

final class DemoTest {
    private final StringWriter errors = new StringWriter();

    @Test
    void shouldRefuseTooFewConnections() {
        assertRefused("--connections must be 200 to", "--forwarder=/bin/true", "--connections=3");
    }

    @Test
    void shouldRefuseASingleBackendSinceOneIsKilled() {
        assertRefused("--backends must be 2 to 64 (was 1)", "--forwarder=/bin/true", "--backends=1");
    }

    @Test
    void shouldRefuseALauncherThatIsNotThere() {
        assertRefused("/nowhere/forwarder cannot be run", "--forwarder=/nowhere/forwarder");
    }

    @Test
    void shouldRefuseUnknownOptions() {
        assertRefused("Unknown option: '--conections=9'", "--forwarder=/bin/true", "--conections=9");
    }

    private void assertRefused(String message, String... arguments) {
        int exitCode = new CommandLine(new Demo())
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
        assertEquals(ExitCode.USAGE, exitCode);
        assertTrue(errors.toString().contains(message), errors::toString);
    }
}
