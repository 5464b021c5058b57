package io.penstock.perf.lab.demo;

import io.penstock.perf.Figures;
import io.penstock.perf.lab.LabScript;
import io.penstock.perf.lab.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Someone else at the same hosts: has addresses, routes and nexthop objects of its own beside the agents', which are to be as they were
 * when all is over, and takes away what is the agents', which is to come back.
 */
final class NeighbourTrial {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final double NANOS_PER_MILLI = 1e6;

    private final LabScript lab;
    private final String host;
    private final String router;
    private final String gateway;
    private final String link;
    private final String vip;
    private final Timeline timeline;
    private final Figures figures;
    private List<String> atFirst = List.of();

    /**
     * Nobody yet.
     *
     * @param gateway a host that the router reaches
     * @param link the router's interface towards it
     */
    NeighbourTrial(
            LabScript lab,
            String host,
            String router,
            String gateway,
            String link,
            String vip,
            Timeline timeline,
            Figures figures) {
        this.lab = lab;
        this.host = host;
        this.router = router;
        this.gateway = gateway;
        this.link = link;
        this.vip = vip;
        this.timeline = timeline;
        this.figures = figures;
    }

    /** Puts its own things there. */
    void settle() throws IOException, InterruptedException {
        lab.ip(host, "address", "add", "198.51.100.7/32", "dev", "lo");
        lab.ip(host, "address", "add", "198.51.100.8/32", "dev", "lo", "valid_lft", "86400", "preferred_lft", "86400");
        lab.ip(router, "route", "add", "203.0.113.0/24", "via", gateway, "proto", "99");
        lab.ip(router, "route", "add", vip + "/32", "via", gateway, "metric", "500", "proto", "99");
        lab.ip(router, "nexthop", "add", "id", "77", "via", gateway, "dev", link, "proto", "99");
        lab.ip(router, "nexthop", "add", "id", "78", "group", "77", "proto", "99");
        lab.ip(router, "route", "add", "203.0.114.0/24", "nhid", "78", "proto", "99");
        atFirst = own();
    }

    private List<String> own() throws IOException, InterruptedException {
        List<String> own = new ArrayList<>();
        own.add(lab.ip(host, "-4", "-o", "address", "show", "dev", "lo", "to", "198.51.100.0/24")
                .replaceAll("_lft \\d+sec", "_lft"));
        own.add(lab.ip(router, "-4", "route", "show", "proto", "99"));
        own.add(lab.ip(router, "nexthop", "show", "id", "77"));
        own.add(lab.ip(router, "nexthop", "show", "id", "78"));
        return own;
    }

    /** Takes away what is the agents', and waits for it to come back. */
    void disturb() throws IOException, InterruptedException {
        timeline.title("a neighbour deletes the VIP of " + host + " and the route of " + router);
        lab.ip(host, "address", "del", vip + "/32", "dev", "lo");
        double addressMs = awaitMs(() -> lab.ip(host, "-4", "-o", "address", "show", "to", vip));
        lab.ip(router, "route", "del", vip + "/32", "proto", "210");
        double routeMs = awaitMs(() -> lab.ip(router, "route", "show", vip, "proto", "210"));
        timeline.now("both came back");
        figures.report("a neighbour's deletion: VIP back after", addressMs, "ms");
        figures.report("a neighbour's deletion: route back after", routeMs, "ms");
    }

    private interface Look {
        String see() throws IOException, InterruptedException;
    }

    private static double awaitMs(Look look) throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        while (look.see().isBlank()) {
            if (System.nanoTime() - startNs > LIMIT.toNanos()) {
                throw new IOException("what a neighbour has deleted did not come back in " + LIMIT);
            }
            Thread.sleep(1);
        }
        return (System.nanoTime() - startNs) / NANOS_PER_MILLI;
    }

    /** Whether its own are as they were. */
    void compare() throws IOException, InterruptedException {
        List<String> now = own();
        int changed = 0;
        for (int i = 0; i < now.size(); i++) {
            if (!now.get(i).equals(atFirst.get(i))) {
                changed++;
                timeline.now("a neighbour's was\n" + atFirst.get(i) + "and is now\n" + now.get(i));
            }
        }
        figures.exactly("neighbour's lists that the agents have changed", changed, "of " + now.size(), 0);
    }

    /** Takes its own things away again. */
    void leave() throws IOException, InterruptedException {
        // Takes the route along that leads to them, which ip cannot flush.
        lab.ip(router, "nexthop", "flush", "proto", "99");
        lab.ip(router, "route", "flush", "proto", "99");
        lab.ip(host, "address", "del", "198.51.100.7/32", "dev", "lo");
        lab.ip(host, "address", "del", "198.51.100.8/32", "dev", "lo");
    }
}
