package io.penstock.vrrp.client;

import io.penstock.cli.AskingCommand;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Asks a running agent for all that it does. */
@Command(
        name = "status",
        description = {
            "Shows the virtual routers of a running agent with their VIPs and what their priority depends on.",
            "With --json it is the agent's answer to GET /v1/status."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  vrrp-agent status -c /etc/penstock/vrrp-agent.yaml",
            "  vrrp-agent status --admin unix:/run/penstock/vrrp.sock --json"
        })
public final class StatusCommand extends AskingCommand {
    @Override
    public Integer call() throws InterruptedException {
        return question().ask("GET", "/v1/status", Optional.empty(), StatusView::print);
    }
}
