package io.penstock.forwarder.client;

import io.penstock.cli.AskingCommand;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Has a running forwarder read its file again. */
@Command(
        name = "reload",
        description = {
            "Has a running forwarder read its file again and apply it, whole or not at all, and shows what changed.",
            "Connections that are open stay as they are."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  l4-forwarder reload -c /etc/penstock/forwarder.yaml"})
public final class ReloadCommand extends AskingCommand {
    @Override
    public Integer call() throws InterruptedException {
        return question().ask("POST", "/v1/reload", Optional.empty(), StatusView::reloaded);
    }
}
