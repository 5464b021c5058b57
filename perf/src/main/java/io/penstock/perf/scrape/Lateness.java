package io.penstock.perf.scrape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * How late workers' loops were in the last 10 to 20 s, by the forwarder's own account: of the worst worker.
 *
 * @param turns of all workers
 */
record Lateness(long turns, double p99Ms, double maxMs) {
    /** @param workers the answer to {@code /v1/workers} */
    static Lateness of(String workers) throws IOException {
        long turns = 0;
        double p99Ms = 0;
        double maxMs = 0;
        for (JsonNode worker : new ObjectMapper().readTree(workers).get("workers")) {
            JsonNode lateness = worker.get("lateness");
            turns += lateness.get("count").asLong();
            p99Ms = Math.max(p99Ms, lateness.path("p99Ms").asDouble());
            maxMs = Math.max(maxMs, lateness.path("maxMs").asDouble());
        }
        return new Lateness(turns, p99Ms, maxMs);
    }
}
