package io.penstock.perf.lab.anycast;

import io.penstock.perf.Figures;
import io.penstock.perf.lab.LabScript;
import io.penstock.perf.lab.LastingClients.Break;
import io.penstock.perf.lab.Timeline;
import java.io.IOException;
import java.util.List;

/** What all trials share: the lab, its sites, and where what is seen is told. */
record Stage(LabScript lab, Site near, Site far, Timeline timeline, Figures figures) {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int SHOWN = 3;

    /** Returns when it began. */
    long breakThing(String thing) throws IOException, InterruptedException {
        long atNs = System.nanoTime();
        timeline.at(atNs, "break " + thing);
        lab.breakThing(thing);
        return atNs;
    }

    /** Returns when it began. */
    long heal(String thing) throws IOException, InterruptedException {
        long atNs = System.nanoTime();
        timeline.at(atNs, "heal " + thing);
        lab.heal(thing);
        return atNs;
    }

    /** A few of them. */
    void show(List<Break> breaks) {
        breaks.stream()
                .limit(SHOWN)
                .forEach(each -> timeline.at(each.atNs(), "broken at " + each.forwarder() + ": " + each.reason()));
    }

    static double millis(long fromNs, long toNs) {
        return (toNs - fromNs) / NANOS_PER_MILLI;
    }
}
