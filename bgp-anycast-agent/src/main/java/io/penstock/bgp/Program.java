package io.penstock.bgp;

import io.penstock.cli.ProgramVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What is true of the program, whichever of its commands it knows. */
@Command(
        name = "bgp-anycast-agent",
        description = "Announces anycast VIPs through GoBGP while this host can serve them.",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done; for 'run': stopped as asked",
            " 1:refused, by the agent, by the daemon or because of the configuration; standard error says why",
            " 2:wrong words on the command line",
            " 3:no agent answered at the address, or for 'plan' no daemon, or not in time",
            "70:for 'run': a thread died of a bug; the log says where"
        },
        scope = CommandLine.ScopeType.INHERIT)
abstract class Program {}
