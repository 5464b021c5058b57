package io.penstock.vrrp.client;

import com.google.gson.JsonObject;
import io.penstock.cli.AskingCommand;
import io.penstock.cli.ServerOptions;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Hands over on purpose. */
@Command(
        name = "failover",
        description = {
            "Has an active router, or all of a group, hand over to another host: it says that it stops, and the VIPs go.",
            "Until --hold-off is over, or 'resume', it takes over from nobody, unless nobody else is active."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  vrrp-agent failover -c /etc/penstock/vrrp-agent.yaml web",
            "  vrrp-agent failover -c /etc/penstock/vrrp-agent.yaml web --hold-off 10m"
        })
public final class FailoverCommand extends AskingCommand {
    @Parameters(paramLabel = "NAME", description = "The router or the group.")
    private String name;

    @Option(
            names = "--hold-off",
            paramLabel = "DURATION",
            converter = ServerOptions.TimeoutConverter.class,
            defaultValue = "60s",
            description = "How long it takes over from nobody; at most 24h. Default: 60s.")
    private Duration holdOff;

    @Override
    public Integer call() throws InterruptedException {
        JsonObject body = new JsonObject();
        body.addProperty("name", name);
        body.addProperty("hold-off", holdOff.toMillis() + "ms");
        return question().ask("POST", "/v1/failover", Optional.of(body), StatusView::routers);
    }
}
