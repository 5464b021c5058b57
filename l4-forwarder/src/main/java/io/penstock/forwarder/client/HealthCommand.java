package io.penstock.forwarder.client;

import com.google.gson.JsonObject;
import io.penstock.cli.AskingCommand;
import io.penstock.cli.Question;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows who is served, by whom, and what the checks saw. */
@Command(
        name = "health",
        description = {
            "Shows the pools of a running forwarder and what is known of their backends: state, since when, what was seen.",
            "With --vip or --vips: whether addresses are served, as routing agents ask it. The exit code of --vip is then 0"
                    + " when the address is served and 1 when it is not."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  l4-forwarder health",
            "  l4-forwarder health --pool web",
            "  l4-forwarder health --vips",
            "  l4-forwarder health --vip 192.0.2.10 || echo withdraw it"
        })
public final class HealthCommand extends AskingCommand {
    private static final String URI = "/v1/health";

    @ArgGroup
    private About about = new About();

    private static final class About {
        @Option(names = "--pool", paramLabel = "NAME", description = "Only this pool.")
        private String pool;

        @Option(names = "--vips", description = "All addresses that services listen on.")
        private boolean vips;

        @Option(names = "--vip", paramLabel = "ADDRESS", description = "Only this address; without a port.")
        private String vip;
    }

    @Option(
            names = "--any",
            description =
                    "An address counts as served when one of its services is; otherwise all that are enabled must be.")
    private boolean any;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, Object> query = new LinkedHashMap<>();
        query.put("any", any ? true : null);
        if (about.vip != null) {
            return ask(Question.uri(URI + "/vips/" + Question.encode(about.vip), query));
        }
        if (about.vips) {
            return ask(Question.uri(URI + "/vips", query));
        }
        return ask(URI);
    }

    private int ask(String uri) throws InterruptedException {
        return question().ask("GET", uri, Optional.empty(), this::show);
    }

    private void show(JsonObject answer, PrintWriter out) {
        if (answer.has("vip")) {
            HealthView.vip(answer, out);
        } else if (answer.has("vips")) {
            HealthView.vips(answer, out);
        } else {
            HealthView.pools(answer, Optional.ofNullable(about.pool), out);
        }
    }
}
