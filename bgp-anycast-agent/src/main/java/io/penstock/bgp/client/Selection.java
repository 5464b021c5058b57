package io.penstock.bgp.client;

import com.google.gson.JsonObject;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which VIPs an order is for: one, or expressly all. */
final class Selection {
    @Parameters(paramLabel = "VIP", description = "Its name.")
    private String name;

    @Option(
            names = "--all",
            required = true,
            description = "All of the agent's VIPs, those included that its file gets later.")
    private boolean all;

    /** The body of such an order. */
    JsonObject body() {
        JsonObject body = new JsonObject();
        if (!all) {
            body.addProperty("name", name);
        }
        return body;
    }
}
