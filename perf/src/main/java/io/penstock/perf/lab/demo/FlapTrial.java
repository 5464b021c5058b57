package io.penstock.perf.lab.demo;

import io.penstock.perf.Figures;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/** Takes a link of the router down and up, again and again: the group has to lose the leg and to have it back each time. */
final class FlapTrial {
    private static final int FLAPS = 200;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final long LOOK_MS = 1;

    private FlapTrial() {}

    /**
     * At the router of the lab.
     *
     * @param router the host
     * @param link its interface, over which one of the legs to the VIP is
     */
    static void run(LabScript lab, String router, String link, String vip, Timeline timeline, Figures figures)
            throws IOException, InterruptedException {
        timeline.title(router + ": its link to " + link + " flaps " + FLAPS + " times");
        int right = 0;
        double[] repairMs = new double[FLAPS];
        for (int i = 0; i < FLAPS; i++) {
            lab.ip(router, "link", "set", link, "down");
            boolean gone = await(lab, router, link, vip, false);
            lab.ip(router, "link", "set", link, "up");
            long upNs = System.nanoTime();
            boolean back = await(lab, router, link, vip, true);
            repairMs[i] = (System.nanoTime() - upNs) / NANOS_PER_MILLI;
            right += gone && back ? 1 : 0;
        }
        Arrays.sort(repairMs);
        timeline.now("the route was right after " + right + " of " + FLAPS);
        figures.exactly("flaps: route right after each", right, "of " + FLAPS, FLAPS);
        figures.report("flaps: leg back after, median", repairMs[FLAPS / 2], "ms");
        figures.report("flaps: leg back after, worst", repairMs[FLAPS - 1], "ms");
    }

    /** Whether the VIP's route came to have a leg over this link, or none. */
    private static boolean await(LabScript lab, String router, String link, String vip, boolean present)
            throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        while (lab.ip(router, "route", "show", vip).contains(" dev " + link + " ") != present) {
            if (System.nanoTime() - deadlineNs > 0) {
                return false;
            }
            Thread.sleep(LOOK_MS);
        }
        return true;
    }
}
