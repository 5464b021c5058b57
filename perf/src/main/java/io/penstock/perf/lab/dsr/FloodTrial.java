package io.penstock.perf.lab.dsr;

import io.penstock.net.IpAddress;
import io.penstock.perf.lab.Clients;
import io.penstock.perf.lab.LastingClients;
import io.penstock.perf.lab.dsr.Plane.Counter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A million new flows, as fast as this host sends, to the services whose 1,000 established connections go on meanwhile. */
final class FloodTrial {
    private static final int CONNECTIONS = 1_000;
    private static final int FLOWS = 1_000_000;
    private static final int STEP = 10_000;

    /** Hosts that share two cores with the flood are late. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** Longer than the patience. */
    private static final Duration WATCHED = Duration.ofSeconds(16);

    private static final double NANOS_PER_SECOND = 1e9;

    private final Stage stage;
    private final Map<Way, Clients> clients;

    FloodTrial(Stage stage, Map<Way, Clients> clients) {
        this.stage = stage;
        this.clients = clients;
    }

    void run() throws IOException, InterruptedException {
        stage.timeline().title("a flood of " + FLOWS + " SYNs beside " + CONNECTIONS + " connections");
        List<Way> ways = List.copyOf(clients.keySet());
        List<LastingClients> staying = new ArrayList<>();
        for (int i = 0; i < ways.size(); i++) {
            int count = CONNECTIONS / ways.size() + (i < CONNECTIONS % ways.size() ? 1 : 0);
            staying.add(clients.get(ways.get(i)).staying(count, PATIENCE));
        }
        double forwarded = stage.forwarded();
        double remembered = stage.count(Counter.FLOW_NEW);
        double bypassed = stage.count(Counter.FLOW_BYPASSED);
        long beganNs = System.nanoTime();
        try (SynFlood flood = new SynFlood(ways.stream().map(Way::vip4).toArray(IpAddress[]::new))) {
            for (int sent = 0; sent < FLOWS; sent += STEP) {
                flood.send(STEP);
            }
        }
        double seconds = (System.nanoTime() - beganNs) / NANOS_PER_SECOND;
        stage.timeline().now("all are sent");
        Thread.sleep(WATCHED.toMillis());
        int alive = 0;
        int late = 0;
        for (int i = 0; i < ways.size(); i++) {
            Clients of = clients.get(ways.get(i));
            alive += of.loop().call(staying.get(i)::open);
            late += of.loop().call(staying.get(i)::breaks).size();
            of.loop().end(staying.get(i));
        }
        stage.figures().report("flood: SYNs sent", Math.rint(FLOWS / seconds), "a second");
        stage.figures().atLeast("flood: packets forwarded meanwhile", stage.forwarded() - forwarded, "", FLOWS);
        stage.figures().report("flood: flows remembered", stage.count(Counter.FLOW_NEW) - remembered, "");
        stage.figures()
                .report("flood: flows beyond what may be new", stage.count(Counter.FLOW_BYPASSED) - bypassed, "");
        stage.figures().exactly("flood: established that broke", late, "of " + CONNECTIONS, 0);
        stage.figures().exactly("flood: established that are alive", alive, "of " + CONNECTIONS, CONNECTIONS);
    }
}
