package io.penstock.forwarder;

import io.penstock.cli.ProgramVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What is true of the program, whichever of its commands it knows. */
@Command(
        name = "l4-forwarder",
        description = "Forwards TCP connections to pools of backends.",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done; for 'run': stopped as asked",
            " 1:refused, by the forwarder or because of the configuration; standard error says why",
            " 2:wrong words on the command line",
            " 3:no forwarder answered at the address, or not in time",
            "70:for 'run': a thread died of a bug; the log says where"
        },
        scope = CommandLine.ScopeType.INHERIT)
abstract class Program {}
