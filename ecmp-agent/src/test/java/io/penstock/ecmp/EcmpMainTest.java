package io.penstock.ecmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class EcmpMainTest {
    @Test
    void shouldKnowAllCommands() {
        assertEquals(
                List.of("run", "check", "plan", "status", "withdraw", "resume", "leases", "completion", "help"),
                List.copyOf(EcmpMain.commandLine().getSubcommands().keySet()));
    }

    @Test
    void shouldKnowNothingButRunWhenItRuns() {
        assertEquals(
                List.of("run"),
                List.copyOf(
                        EcmpMain.commandLine("run", "-c", "f").getSubcommands().keySet()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check", "plan", "status", "withdraw", "resume", "leases", "completion"})
    void shouldExplainEachCommandAndItsExitCodes(String command) {
        StringWriter out = new StringWriter();
        CommandLine program = EcmpMain.commandLine().setOut(new PrintWriter(out, true));

        assertEquals(0, program.execute(command, "--help"));
        assertTrue(out.toString().contains("Exit codes:"), out::toString);
        assertTrue(!out.toString().contains("${"), out::toString);
        assertTrue(!out.toString().contains("forwarder's admin"), out::toString);
    }
}
