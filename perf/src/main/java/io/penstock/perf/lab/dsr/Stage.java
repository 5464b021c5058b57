package io.penstock.perf.lab.dsr;

import io.penstock.perf.Figures;
import io.penstock.perf.lab.LabScript;
import io.penstock.perf.lab.LastingClients.Flow;
import io.penstock.perf.lab.Timeline;
import io.penstock.perf.lab.dsr.Plane.Counter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What all trials share: the lab, its forwarders, and where what is seen is told. */
record Stage(LabScript lab, Path scratch, Timeline timeline, Figures figures) {
    static final List<String> FORWARDERS = List.of("f1", "f2");
    static final List<String> BACKENDS = List.of("b1", "b2", "b3");

    private static final List<String> LEGS = List.of("via 10.0.9.1 ", "via 10.0.9.2 ");
    private static final Duration LEGS_LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MS = 100;

    Plane plane(String forwarder) {
        return new Plane(lab.namespace(forwarder));
    }

    Operator operator() {
        return new Operator(FORWARDERS.stream().map(scratch::resolve).toList());
    }

    /** Of both forwarders; a figure. */
    double count(Counter counter) throws IOException {
        double sum = 0;
        for (String forwarder : FORWARDERS) {
            sum += plane(forwarder).count(counter);
        }
        return sum;
    }

    /** Of both forwarders; a figure. */
    double forwarded(String service) throws IOException {
        double sum = 0;
        for (String forwarder : FORWARDERS) {
            sum += plane(forwarder).forwarded(service);
        }
        return sum;
    }

    /** Packets, by both forwarders; a figure. */
    double forwarded() throws IOException {
        double sum = 0;
        for (String forwarder : FORWARDERS) {
            sum += plane(forwarder).forwarded();
        }
        return sum;
    }

    /** Where each forwarder would lead it, by its flow table; for people. */
    String remembered(Flow flow) throws IOException {
        List<String> words = new ArrayList<>();
        for (String forwarder : FORWARDERS) {
            words.add(forwarder + " remembers " + plane(forwarder).remembered(flow));
        }
        return String.join(", ", words);
    }

    void breakThing(String thing) throws IOException, InterruptedException {
        timeline.now("break " + thing);
        lab.breakThing(thing);
    }

    void heal(String thing) throws IOException, InterruptedException {
        timeline.now("heal " + thing);
        lab.heal(thing);
    }

    /** Until the router leads to both forwarders: a process that starts, or has to find its backends again, is given nothing yet. */
    void awaitLegs() throws IOException, InterruptedException {
        long beganNs = System.nanoTime();
        while (legs() < LEGS.size()) {
            if (System.nanoTime() - beganNs > LEGS_LIMIT.toNanos()) {
                throw new IOException("the router does not lead to both forwarders: " + routes());
            }
            Thread.sleep(POLL_MS);
        }
    }

    /** How many forwarders the router leads to. */
    int legs() throws IOException, InterruptedException {
        return (int) LEGS.stream().filter(routes()::contains).count();
    }

    private String routes() throws IOException, InterruptedException {
        return lab.ip("router", "route", "show", "192.0.2.0/24");
    }
}
