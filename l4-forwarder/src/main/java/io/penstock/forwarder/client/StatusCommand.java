package io.penstock.forwarder.client;

import io.penstock.cli.AskingCommand;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Shows what a running forwarder is doing. */
@Command(
        name = "status",
        description = {
            "Shows a running forwarder: the last reload, what differs from the file, services, pools, drains.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  l4-forwarder status -c /etc/penstock/forwarder.yaml",
            "  l4-forwarder status --admin 127.0.0.1:9080 --json"
        })
public final class StatusCommand extends AskingCommand {
    @Override
    public Integer call() throws InterruptedException {
        return question().ask("GET", "/v1/status", Optional.empty(), StatusView::print);
    }
}
