package io.penstock.perf.sessions;

import com.google.gson.JsonElement;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a forwarder counts, at one moment.
 *
 * @param text in the Prometheus exposition format
 */
record Metrics(String text) {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Asks the forwarder whose admin socket this is. */
    static Metrics of(Path socket) throws IOException, InterruptedException {
        Optional<JsonElement> noBody = Optional.empty();
        try (AdminClient client = new AdminClient(new AdminAddress.Unix(socket), TIMEOUT)) {
            AdminClient.Reply reply = client.send("GET", "/metrics", noBody);
            if (!reply.isSuccess()) {
                throw new IOException("no metrics: " + reply.body());
            }
            return new Metrics(reply.body());
        }
    }

    /** Of all workers; fails when there is no such metric. */
    double value(String name) throws IOException {
        return sum(name, "");
    }

    /** Of all workers, where the label {@code reason} has this value. */
    double value(String name, String reason) throws IOException {
        return sum(name, "reason=\"" + reason + "\"");
    }

    private double sum(String name, String label) throws IOException {
        double sum = 0;
        boolean found = false;
        for (String line : text.lines().toList()) {
            if ((line.startsWith(name + "{") || line.startsWith(name + " ")) && line.contains(label)) {
                sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
                found = true;
            }
        }
        if (!found) {
            throw new IOException("the forwarder has no metric " + name + " " + label);
        }
        return sum;
    }
}
