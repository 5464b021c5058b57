package io.penstock.forwarder.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How connections shall be brought to an end; of every command that drains, as a {@code @Mixin}. The server checks them. */
final class DrainOptions {
    @Option(
            names = "--rate",
            paramLabel = "RATE",
            description = "Close so many connections, oldest first, such as 500/s. Default: wait until they end.")
    private String rate;

    @Option(
            names = "--jitter",
            paramLabel = "PERCENT",
            description = "By how much the time between two closes varies, 0 to 100. Default: 20.")
    private Integer jitter;

    @Option(names = "--deadline", paramLabel = "DURATION", description = "Stop draining after this time, such as 5m.")
    private String deadline;

    @Option(names = "--close-rest", description = "At the deadline reset what is left; otherwise it stays.")
    private boolean closeRest;

    @Option(names = "--cancel", description = "End a drain that is under way; what is left stays.")
    private boolean cancel;

    String method() {
        return cancel ? "DELETE" : "POST";
    }

    Optional<JsonElement> body() {
        if (cancel) {
            return Optional.empty();
        }
        JsonObject plan = new JsonObject();
        if (rate != null) {
            plan.addProperty("rate", rate);
        }
        if (jitter != null) {
            plan.addProperty("jitterPercent", jitter);
        }
        if (deadline != null) {
            plan.addProperty("deadline", deadline);
        }
        if (closeRest) {
            plan.addProperty("closeRest", true);
        }
        return Optional.of(plan);
    }
}
