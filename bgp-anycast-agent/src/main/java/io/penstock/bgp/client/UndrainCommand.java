package io.penstock.bgp.client;

import io.penstock.cli.AskingCommand;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** Undoes {@code drain} and {@code withdraw}. */
@Command(
        name = "undrain",
        aliases = "resume",
        description = {
            "Ends the drain, the withdrawal or the hold-down of a VIP in a running agent: from now on its health decides.",
            "What has come so far stays announced; what has gone comes again as soon as it can be served."
        },
        footerHeading = "%nExamples:%n",
        footer = "  bgp-anycast-agent undrain -c /etc/penstock/bgp-anycast-agent.yaml web")
public final class UndrainCommand extends AskingCommand {
    @ArgGroup(multiplicity = "1")
    private Selection selection;

    @Override
    public Integer call() throws InterruptedException {
        return question().ask("POST", "/v1/resume", Optional.of(selection.body()), StatusView::vips);
    }
}
