package io.penstock.forwarder;

import io.penstock.forwarder.client.BackendCommand;
import io.penstock.forwarder.client.ConnectionsCommand;
import io.penstock.forwarder.client.DrainCommand;
import io.penstock.forwarder.client.EventsCommand;
import io.penstock.forwarder.client.HealthCommand;
import io.penstock.forwarder.client.PoolCommand;
import io.penstock.forwarder.client.ReloadCommand;
import io.penstock.forwarder.client.ServiceCommand;
import io.penstock.forwarder.client.StatusCommand;
import io.penstock.forwarder.client.TopCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The {@code l4-forwarder} command. */
@Command(
        name = "l4-forwarder",
        description = "Forwards TCP connections to pools of backends.",
        mixinStandardHelpOptions = true,
        versionProvider = ForwarderMain.Version.class,
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            TuneCommand.class,
            MaglevCommand.class,
            PickCommand.class,
            StatusCommand.class,
            TopCommand.class,
            EventsCommand.class,
            HealthCommand.class,
            ReloadCommand.class,
            BackendCommand.class,
            PoolCommand.class,
            ServiceCommand.class,
            ConnectionsCommand.class,
            DrainCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done; for 'run': stopped as asked",
            " 1:refused, by the forwarder or because of the configuration; standard error says why",
            " 2:wrong words on the command line",
            " 3:no forwarder answered at the address, or not in time"
        },
        scope = CommandLine.ScopeType.INHERIT)
public final class ForwarderMain {
    private ForwarderMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** All commands, ready to be executed or described. */
    static CommandLine commandLine() {
        return new CommandLine(new ForwarderMain()).setExecutionExceptionHandler(new ProblemPrinter());
    }

    /** From the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = ForwarderMain.class.getPackage().getImplementationVersion();
            return new String[] {"l4-forwarder " + (version == null ? "(not packaged)" : version)};
        }
    }
}
