package io.penstock.bgp.client;

import io.penstock.cli.AskingCommand;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** Withdraws at once. */
@Command(
        name = "withdraw",
        description = {
            "Has a running agent withdraw a VIP at once; it stays so, also across restarts of the agent, until 'undrain'.",
            "Clients of this host are led elsewhere in the middle of what they do: 'drain' warns the routers first."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  bgp-anycast-agent withdraw -c /etc/penstock/bgp-anycast-agent.yaml web",
            "  bgp-anycast-agent withdraw -c /etc/penstock/bgp-anycast-agent.yaml --all"
        })
public final class WithdrawCommand extends AskingCommand {
    @ArgGroup(multiplicity = "1")
    private Selection selection;

    @Override
    public Integer call() throws InterruptedException {
        return question().ask("POST", "/v1/withdraw", Optional.of(selection.body()), StatusView::vips);
    }
}
