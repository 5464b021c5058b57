package io.penstock.forwarder.client;

import io.penstock.cli.AskingCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Drains a whole forwarder. */
@Command(
        name = "drain",
        description = {
            "Closes the listeners of a running forwarder and brings its connections to an end.",
            "'status' shows how far it is."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  l4-forwarder drain -c forwarder.yaml --rate 500/s --deadline 5m --close-rest"})
public final class DrainCommand extends AskingCommand {
    @Mixin
    private DrainOptions drain;

    @Override
    public Integer call() throws InterruptedException {
        return question().ask(drain.method(), "/v1/drain", drain.body(), StatusView::drain);
    }
}
