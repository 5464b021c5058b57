package io.penstock.bgp.client;

import io.penstock.cli.AskingCommand;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Asks a running agent for all that it does. */
@Command(
        name = "status",
        description = {
            "Shows the VIPs of a running agent: their state, what the daemon is to announce and what it has, and to which neighbours it"
                    + " sends it; and the daemon's neighbours.",
            "With --json it is the agent's answer to GET /v1/status."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  bgp-anycast-agent status -c /etc/penstock/bgp-anycast-agent.yaml",
            "  bgp-anycast-agent status --admin unix:/run/penstock/bgp.sock --json"
        })
public final class StatusCommand extends AskingCommand {
    @Override
    public Integer call() throws InterruptedException {
        return question().ask("GET", "/v1/status", Optional.empty(), StatusView::print);
    }
}
