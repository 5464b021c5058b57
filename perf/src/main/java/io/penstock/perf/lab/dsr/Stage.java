package io.penstock.perf.lab.dsr;

import io.penstock.perf.Figures;
import io.penstock.perf.lab.LabScript;
import io.penstock.perf.lab.Timeline;
import io.penstock.perf.lab.dsr.Plane.Counter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What all trials share: the lab, its forwarders, and where what is seen is told. */
record Stage(LabScript lab, Path scratch, Timeline timeline, Figures figures) {
    static final List<String> FORWARDERS = List.of("f1", "f2");
    static final List<String> BACKENDS = List.of("b1", "b2", "b3");

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

    void breakThing(String thing) throws IOException, InterruptedException {
        timeline.now("break " + thing);
        lab.breakThing(thing);
    }

    void heal(String thing) throws IOException, InterruptedException {
        timeline.now("heal " + thing);
        lab.heal(thing);
    }
}
