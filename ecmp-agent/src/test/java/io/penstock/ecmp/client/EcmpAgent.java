package io.penstock.ecmp.client;

import io.penstock.cli.ProgramNames;
import io.penstock.testing.Typed;
import picocli.CommandLine.Command;

/** The program with its commands, but for {@code run}. */
@Command(
        name = "ecmp-agent",
        subcommands = {
            CheckCommand.class,
            PlanCommand.class,
            StatusCommand.class,
            WithdrawCommand.class,
            ResumeCommand.class,
            LeasesCommand.class
        })
final class EcmpAgent {
    private EcmpAgent() {}

    static Typed typed(String... arguments) {
        return Typed.of(new EcmpAgent(), new ProgramNames("agent", "PENSTOCK_ECMP_ADMIN"), arguments);
    }
}
