package io.penstock.forwarder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ForwarderMainTest {
    @Test
    void shouldKnowOnlyRunWhenThatIsAskedFor() {
        assertEquals(
                Set.of("run"),
                ForwarderMain.commandLine("run", "-c", "file").getSubcommands().keySet());
        assertTrue(ForwarderMain.commandLine("check", "run")
                .getSubcommands()
                .keySet()
                .contains("check"));
    }

    @Test
    void shouldSayTheSameOfRunWhicheverCommandsAreKnown() {
        CommandLine all = ForwarderMain.commandLine();
        CommandLine one = ForwarderMain.commandLine("run");
        assertEquals(usageOfRun(all), usageOfRun(one));
        assertEquals(
                all.getCommandSpec().exitCodeOnInvalidInput(),
                one.getCommandSpec().exitCodeOnInvalidInput());
        assertEquals(all.getCommandName(), one.getCommandName());
    }

    private static String usageOfRun(CommandLine commands) {
        return commands.getSubcommands().get("run").getUsageMessage();
    }
}
