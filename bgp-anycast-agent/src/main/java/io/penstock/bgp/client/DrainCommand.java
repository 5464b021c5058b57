package io.penstock.bgp.client;

import com.google.gson.JsonObject;
import io.penstock.cli.AskingCommand;
import io.penstock.cli.ServerOptions;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Sends clients elsewhere before a VIP is withdrawn. */
@Command(
        name = "drain",
        description = {
            "Has a running agent announce a VIP as draining, wait, and withdraw it; it stays so, also across restarts of the agent, until"
                    + " 'undrain'.",
            "Health that is lost meanwhile withdraws it at once."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  bgp-anycast-agent drain -c /etc/penstock/bgp-anycast-agent.yaml web",
            "  bgp-anycast-agent drain -c /etc/penstock/bgp-anycast-agent.yaml --all --wait 2m"
        })
public final class DrainCommand extends AskingCommand {
    @ArgGroup(multiplicity = "1")
    private Selection selection;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = ServerOptions.TimeoutConverter.class,
            description = "How long it stays announced as draining; at most 24h. Default: as the agent's file says.")
    private Duration wait;

    @Override
    public Integer call() throws InterruptedException {
        JsonObject body = selection.body();
        if (wait != null) {
            body.addProperty("wait", wait.toMillis() + "ms");
        }
        return question().ask("POST", "/v1/drain", Optional.of(body), StatusView::vips);
    }
}
