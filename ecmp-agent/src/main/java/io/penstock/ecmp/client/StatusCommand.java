package io.penstock.ecmp.client;

import io.penstock.cli.AskingCommand;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Asks a running agent for all that it does. */
@Command(
        name = "status",
        description = {
            "Shows the VIPs of a running agent with their leases, and its routes with their legs.",
            "With --json it is the agent's answer to GET /v1/status."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ecmp-agent status -c /etc/penstock/ecmp-agent.yaml",
            "  ecmp-agent status --admin unix:/run/penstock/ecmp.sock --json"
        })
public final class StatusCommand extends AskingCommand {
    @Override
    public Integer call() throws InterruptedException {
        return question().ask("GET", "/v1/status", Optional.empty(), StatusView::print);
    }
}
