package io.penstock.perf.lab.demo;

import io.penstock.perf.Figures;
import io.penstock.perf.lab.BusyLoops;
import io.penstock.perf.lab.LabScript;
import io.penstock.perf.lab.Timeline;
import io.penstock.perf.rig.LineProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A VIP under its lease: gone soon after its agent was killed, and never gone while the agent has to share its cores with too many. */
final class LeaseTrial {
    /** Of the lab's agents. */
    private static final Duration LEASE = Duration.ofSeconds(3);

    private static final Pattern SECONDS_LEFT = Pattern.compile("valid_lft (\\d+)sec");
    private static final long LOOK_MS = 20;
    private static final long SAMPLE_MS = 500;
    private static final Duration GONE_LIMIT = Duration.ofSeconds(30);
    private static final Duration BACK_LIMIT = Duration.ofSeconds(30);
    private static final int DIE_TIMEOUT_S = 5;

    private final LabScript lab;
    private final String vip;
    private final Timeline timeline;
    private final Figures figures;

    LeaseTrial(LabScript lab, String vip, Timeline timeline, Figures figures) {
        this.lab = lab;
        this.vip = vip;
        this.timeline = timeline;
        this.figures = figures;
    }

    /** Kills a host's agent: nobody but the kernel takes its VIP away. */
    void kill(String host) throws IOException, InterruptedException {
        timeline.title(host + ": its agent is killed (SIGKILL); nobody takes its VIP away but the kernel");
        long killedNs = System.nanoTime();
        timeline.at(killedNs, "break " + host + ".agent");
        lab.breakThing(host + ".agent");
        long goneNs = awaitPresence(host, false, GONE_LIMIT);
        timeline.at(goneNs, vip + " is gone from " + host);
        figures.atMost(host + ".agent killed: VIP gone after", (goneNs - killedNs) / 1e6, "ms", (double)
                LEASE.plusSeconds(1).toMillis());
        long healedNs = System.nanoTime();
        lab.heal(host + ".agent");
        long backNs = awaitPresence(host, true, BACK_LIMIT);
        timeline.at(backNs, vip + " is back on " + host);
        figures.report(host + ".agent started again: VIP back after", (backNs - healedNs) / 1e6, "ms");
    }

    private long awaitPresence(String host, boolean present, Duration limit) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (addressLine(host).isEmpty() == present) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IOException(
                        vip + (present ? " did not come back to " : " stayed on ") + host + " for " + limit);
            }
            Thread.sleep(LOOK_MS);
        }
        return System.nanoTime();
    }

    private String addressLine(String host) throws IOException, InterruptedException {
        return lab.ip(host, "-4", "-o", "address", "show", "dev", "lo", "to", vip)
                .trim();
    }

    /** Loads all cores, twice over, and watches that the address never goes. */
    void load(String host, Duration duration) throws IOException, InterruptedException {
        timeline.title(host + ": " + vip + " under its lease for " + duration.toSeconds() + " s, with "
                + BusyLoops.count() + " busy processes on "
                + Runtime.getRuntime().availableProcessors() + " cores");
        long leastLeft = Long.MAX_VALUE;
        int samples = 0;
        int missing = 0;
        try (LineProcess monitor = lab.follow(host, "-4", "monitor", "address");
                BusyLoops load = BusyLoops.start(duration.plusSeconds(DIE_TIMEOUT_S))) {
            Deletions deletions = Deletions.watch(monitor, vip);
            timeline.now("begun: " + load);
            long endNs = System.nanoTime() + duration.toNanos();
            while (System.nanoTime() - endNs < 0) {
                Matcher left = SECONDS_LEFT.matcher(addressLine(host));
                samples++;
                if (left.find()) {
                    leastLeft = Math.min(leastLeft, Long.parseLong(left.group(1)));
                } else {
                    missing++;
                }
                Thread.sleep(SAMPLE_MS);
            }
            timeline.now(samples + " looks; it had never less than " + leastLeft + " s left");
            figures.exactly(host + " under load: VIP gone, as the kernel told", deletions.count(), "times", 0);
        }
        figures.report(host + " under load: watched for", (double) duration.toSeconds(), "s");
        figures.exactly(host + " under load: VIP missing", missing, "of " + samples + " looks", 0);
        figures.report(host + " under load: least time left, in whole seconds", (double) leastLeft, "s");
    }

    /** Counts what the kernel says of the VIP's end. */
    private static final class Deletions {
        private final Thread reader;
        private final AtomicInteger count = new AtomicInteger();

        private Deletions(LineProcess monitor, String vip) {
            reader = new Thread(() -> read(monitor, vip), "deletions");
            reader.setDaemon(true);
        }

        static Deletions watch(LineProcess monitor, String vip) {
            Deletions deletions = new Deletions(monitor, vip);
            deletions.reader.start();
            return deletions;
        }

        private void read(LineProcess monitor, String vip) {
            try {
                while (true) {
                    String line = monitor.next((int) TimeUnit.DAYS.toSeconds(1));
                    if (line.startsWith("Deleted") && line.contains(vip)) {
                        count.incrementAndGet();
                    }
                }
            } catch (IOException | InterruptedException ended) {
                // The monitor was closed.
            }
        }

        int count() {
            return count.get();
        }
    }
}
