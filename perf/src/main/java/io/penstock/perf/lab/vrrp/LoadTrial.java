package io.penstock.perf.lab.vrrp;

import io.penstock.perf.Figures;
import io.penstock.perf.lab.BusyLoops;
import io.penstock.perf.lab.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A pair that has to share all cores with too many: nobody is to take over from one that lives. */
final class LoadTrial {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final int SPARE_S = 5;
    private static final double NANOS_PER_MILLI = 1e6;

    private LoadTrial() {}

    static void run(Rig rig, Contestant contestant, Duration duration, Timeline timeline, Figures figures)
            throws IOException, InterruptedException {
        timeline.title(contestant + ": " + duration.toSeconds() + " s at " + INTERVAL.toMillis() + " ms with "
                + BusyLoops.count() + " busy processes on "
                + Runtime.getRuntime().availableProcessors() + " cores");
        try (Speaker first = rig.speaker(contestant, Rig.FIRST, INTERVAL);
                Speaker second = rig.speaker(contestant, Rig.SECOND, INTERVAL)) {
            first.start();
            second.start();
            rig.awaitFirst(INTERVAL);
            int mark = rig.wire().mark();
            try (BusyLoops load = BusyLoops.start(duration.plusSeconds(SPARE_S))) {
                timeline.now("begun: " + load);
                Thread.sleep(duration.toMillis());
            }
            List<WireEvent> seen = rig.wire().since(mark);
            List<WireEvent> ofSecond = seen.stream()
                    .filter(event -> rig.isSecond(event) && Rig.isAlive(event))
                    .toList();
            ofSecond.stream().limit(3).forEach(event -> timeline.now("taken over: " + event));
            String name = contestant + " under load for " + duration.toSeconds() + " s";
            figures.report(name + ": longest between advertisements", longestMs(rig, seen), "ms");
            if (contestant == Contestant.PENSTOCK) {
                figures.exactly(name + ": advertisements of the backup", ofSecond.size(), "", 0);
            } else {
                figures.report(name + ": advertisements of the backup", ofSecond.size(), "");
            }
        }
    }

    private static double longestMs(Rig rig, List<WireEvent> seen) {
        long[] atNs = seen.stream()
                .filter(event -> rig.isFirst(event) && Rig.isAlive(event))
                .mapToLong(WireEvent::atNs)
                .toArray();
        long longestNs = 0;
        for (int i = 1; i < atNs.length; i++) {
            longestNs = Math.max(longestNs, atNs[i] - atNs[i - 1]);
        }
        return longestNs / NANOS_PER_MILLI;
    }
}
