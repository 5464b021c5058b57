package io.penstock.perf.lab.demo;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * What an agent's metrics say of its looks at the kernel so far.
 *
 * @param looks how many
 * @param seconds of all together, with the changes that they called for
 */
record AgentFigures(long looks, double seconds) {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String LOOKS = "penstock_ecmp_reconcile_seconds_count ";
    private static final String SECONDS = "penstock_ecmp_reconcile_seconds_sum ";

    /** Asks at a UNIX socket. */
    static AgentFigures of(String address) throws IOException, InterruptedException {
        try (AdminClient client = new AdminClient(AdminAddress.parse(address).orElseThrow(), TIMEOUT)) {
            String page = client.send("GET", "/metrics", Optional.empty()).body();
            return new AgentFigures((long) value(page, LOOKS), value(page, SECONDS));
        }
    }

    private static double value(String page, String series) throws IOException {
        return page.lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line ->
                        Double.parseDouble(line.substring(series.length()).trim()))
                .findFirst()
                .orElseThrow(() -> new IOException("the agent's metrics have no " + series));
    }

    AgentFigures since(AgentFigures before) {
        return new AgentFigures(looks - before.looks, seconds - before.seconds);
    }

    double milliseconds() {
        return seconds * 1_000;
    }
}
