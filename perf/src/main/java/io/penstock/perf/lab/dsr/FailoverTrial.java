package io.penstock.perf.lab.dsr;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.perf.lab.Clients;
import io.penstock.perf.lab.LastingClients;
import io.penstock.perf.lab.LastingClients.Break;
import io.penstock.perf.lab.LastingClients.Flow;
import io.penstock.perf.lab.dsr.Operator.Last;
import io.penstock.perf.lab.dsr.Plane.Counter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * 600 connections that speak all the time, a third in each encapsulation, and one of the forwarders goes; in some trials the pools change in the
 * same moment. Nobody has told the other forwarder of any connection.
 */
final class FailoverTrial {
    private static final List<Way> WAYS = List.of(Way.L2, Way.IPIP, Way.VXLAN);
    private static final int CONNECTIONS_EACH = 200;
    private static final int CONNECTIONS = CONNECTIONS_EACH * 3;
    private static final int PORT = 80;

    /** Longer than retransmissions into a dead leg take. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Longer than the patience: one that hangs for ever has broken too. */
    private static final Duration WATCHED = Duration.ofSeconds(6);

    /** The forwarders' change-window, and some: nothing is left of what was changed before. */
    private static final Duration WINDOW = Duration.ofSeconds(4);

    /** Of connections that broke, at a time. */
    private static final int SHOWN_MAX = 20;

    private static final Duration SETTLE = Duration.ofSeconds(1);

    private final Stage stage;
    private final Map<Way, Clients> clients;

    FailoverTrial(Stage stage, Map<Way, Clients> clients) {
        this.stage = stage;
        this.clients = clients;
    }

    /** What happens to all pools in the moment in which the forwarder goes. */
    enum Change {
        NONE(""),
        ADDED(" and a backend added"),
        DRAINED(" and a backend drained");

        private final String words;

        Change(String words) {
            this.words = words;
        }
    }

    /** Of the first addresses that clients have. */
    static Map<Way, Clients> clients(List<IpAddress> sources) {
        Map<Way, Clients> clients = new EnumMap<>(Way.class);
        for (Way way : WAYS) {
            clients.put(way, new Clients(new Endpoint(way.vip4(), PORT), sources));
        }
        return clients;
    }

    /**
     * Once.
     *
     * @param thing of the lab
     * @param what happens to the forwarder, for people
     */
    void run(String thing, String what, Change change) throws IOException, InterruptedException {
        String title = what + change.words;
        stage.timeline().title(title);
        stage.awaitLegs();
        if (change == Change.ADDED) {
            stage.operator().change(Last.GONE);
            Thread.sleep(WINDOW.toMillis());
        }
        List<LastingClients> staying = new ArrayList<>();
        for (Way way : WAYS) {
            staying.add(clients.get(way).staying(CONNECTIONS_EACH, PATIENCE));
        }
        Thread.sleep(SETTLE.toMillis());
        showStale(staying);
        long through = packetsDuring(SETTLE);
        stage.timeline().now(CONNECTIONS + " connections, " + through + " packets a second through f1");

        double previous = stage.count(Counter.PREVIOUS_RING);
        stage.breakThing(thing);
        change(change);
        stage.timeline().now("done");
        Thread.sleep(WATCHED.toMillis());
        int alive = alive(staying);
        int legs = stage.legs();
        stage.timeline().now(alive + " are alive");
        int shown = show(staying, 0);
        stage.heal(thing);
        stage.awaitLegs();
        Thread.sleep(WATCHED.toMillis());
        int back = alive(staying);
        show(staying, shown);
        for (int i = 0; i < WAYS.size(); i++) {
            clients.get(WAYS.get(i)).loop().end(staying.get(i));
        }
        undo(change);

        stage.figures().atLeast(title + ": packets through f1 before", (double) through, "a second", 1);
        stage.figures().exactly(title + ": alive", alive, "of " + CONNECTIONS, CONNECTIONS);
        stage.figures().exactly(title + ": forwarders that the agent leads to", legs, "of 2", 1);
        stage.figures().exactly(title + ": alive when it is back", back, "of " + CONNECTIONS, CONNECTIONS);
        stage.figures()
                .report(
                        title + ": packets by the ring before the change",
                        stage.count(Counter.PREVIOUS_RING) - previous,
                        "");
    }

    private long packetsDuring(Duration time) throws IOException, InterruptedException {
        long before = stage.plane("f1").forwarded();
        Thread.sleep(time.toMillis());
        return stage.plane("f1").forwarded() - before;
    }

    private void change(Change change) throws IOException, InterruptedException {
        switch (change) {
            case NONE -> {}
            case ADDED -> stage.operator().change(Last.THERE);
            case DRAINED -> stage.operator().change(Last.DRAINED);
        }
    }

    private void undo(Change change) throws IOException, InterruptedException {
        if (change == Change.DRAINED) {
            stage.operator().change(Last.THERE);
            Thread.sleep(WINDOW.toMillis());
        }
    }

    private int alive(List<LastingClients> staying) throws IOException, InterruptedException {
        int alive = 0;
        for (int i = 0; i < WAYS.size(); i++) {
            alive += clients.get(WAYS.get(i)).loop().call(staying.get(i)::open);
        }
        return alive;
    }

    /** Flows that a forwarder would lead elsewhere than where they were opened, if it remembers others of their addresses and ports. */
    private void showStale(List<LastingClients> staying) throws IOException, InterruptedException {
        for (int i = 0; i < WAYS.size(); i++) {
            for (Flow flow : clients.get(WAYS.get(i)).loop().call(staying.get(i)::flows)) {
                for (String forwarder : Stage.FORWARDERS) {
                    String backend = stage.plane(forwarder).remembered(flow);
                    if (Stage.BACKENDS.contains(backend)
                            && !backend.equals(flow.first().backend())) {
                        stage.timeline().now(flow + ", but " + forwarder + " remembers " + backend);
                    }
                }
            }
        }
    }

    /**
     * What broke, and where each forwarder leads it now.
     *
     * @param from so many have been shown
     * @return how many have broken
     */
    private int show(List<LastingClients> staying, int from) throws IOException, InterruptedException {
        List<Break> breaks = new ArrayList<>();
        for (int i = 0; i < WAYS.size(); i++) {
            breaks.addAll(clients.get(WAYS.get(i)).loop().call(staying.get(i)::breaks));
        }
        breaks.sort(Comparator.comparingLong(Break::atNs));
        for (Break each : breaks.subList(from, Math.max(from, Math.min(breaks.size(), from + SHOWN_MAX)))) {
            stage.timeline().at(each.atNs(), each.flow() + ": " + each.reason() + "; " + stage.remembered(each.flow()));
        }
        return breaks.size();
    }
}
