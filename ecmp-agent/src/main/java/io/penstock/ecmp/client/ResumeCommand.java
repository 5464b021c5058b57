package io.penstock.ecmp.client;

import com.google.gson.JsonObject;
import io.penstock.cli.AskingCommand;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Undoes {@code withdraw}. */
@Command(
        name = "resume",
        description = {
            "Has a running agent hold a VIP, or have a route, again that was withdrawn.",
            "A VIP with a fault is tried again at once."
        },
        footerHeading = "%nExamples:%n",
        footer = "  ecmp-agent resume -c /etc/penstock/ecmp-agent.yaml web")
public final class ResumeCommand extends AskingCommand {
    @Parameters(paramLabel = "NAME", description = "The VIP, or the route, or both if they have the same name.")
    private String name;

    @Override
    public Integer call() throws InterruptedException {
        JsonObject body = new JsonObject();
        body.addProperty("name", name);
        return question().ask("POST", "/v1/resume", Optional.of(body), StatusView::ordered);
    }
}
