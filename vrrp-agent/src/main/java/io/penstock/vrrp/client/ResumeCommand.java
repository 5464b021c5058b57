package io.penstock.vrrp.client;

import com.google.gson.JsonObject;
import io.penstock.cli.AskingCommand;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Undoes {@code failover}. */
@Command(
        name = "resume",
        description = {
            "Ends the hold-off of a router or group that has handed over: with the higher priority it takes over again.",
            "Ends a fault too that came of a VIP that someone had removed."
        },
        footerHeading = "%nExamples:%n",
        footer = "  vrrp-agent resume -c /etc/penstock/vrrp-agent.yaml web")
public final class ResumeCommand extends AskingCommand {
    @Parameters(paramLabel = "NAME", description = "The router or the group.")
    private String name;

    @Override
    public Integer call() throws InterruptedException {
        JsonObject body = new JsonObject();
        body.addProperty("name", name);
        return question().ask("POST", "/v1/resume", Optional.of(body), StatusView::routers);
    }
}
