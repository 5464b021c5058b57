package io.penstock.perf.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

final class ComparePoliciesTest {
    private final StringWriter errors = new StringWriter();

    @TempDir
    private Path root;

    @BeforeEach
    void makeDirectories() throws IOException {
        Files.createDirectories(root.resolve("perf/target"));
    }

    @Test
    void shouldRefuseALauncherThatIsNotThere() {
        assertRefused("/nowhere/forwarder cannot be run", "--forwarder=/nowhere/forwarder");
    }

    @Test
    void shouldRefuseAFileOfFiguresThatCannotBeWrittenBeforeAnythingIsRun() {
        assertRefused("/nowhere/rows.json cannot be written", "--forwarder=/bin/true", "--json=/nowhere/rows.json");
    }

    @Test
    void shouldRefuseToKeepThePageWhereThereIsNoPlaceForIt() {
        assertRefused("l4-forwarder/docs/policies.md cannot be written", "--forwarder=/bin/true", "--keep");
    }

    private void assertRefused(String message, String... arguments) {
        CommandLine command = new CommandLine(new ComparePolicies()).setErr(new PrintWriter(errors, true));
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--root=" + root;
        assertEquals(ExitCode.USAGE, command.execute(all));
        assertTrue(errors.toString().contains(message), errors::toString);
    }
}
