package io.penstock.perf.lab.demo;

import io.penstock.perf.Figures;
import io.penstock.perf.lab.LabScript;
import io.penstock.perf.lab.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/**
 * Takes the link of a host to the router down and up, again and again: the router loses its carrier, and its group has to lose the leg and
 * to have it back each time.
 */
final class FlapTrial {
    private static final int FLAPS = 200;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final long LOOK_MS = 1;

    private FlapTrial() {}

    /**
     * In the lab, where each end of a link has the other's name.
     *
     * @param host of one of the legs to the VIP
     */
    static void run(LabScript lab, String router, String host, String vip, Timeline timeline, Figures figures)
            throws IOException, InterruptedException {
        timeline.title(router + ": its link to " + host + " flaps " + FLAPS + " times");
        // The host's own, which go with the link.
        String[] route4 = words("-4", "route", lab.ip(host, "-4", "route", "show", "default"));
        String[] route6 = words("-6", "route", lab.ip(host, "-6", "route", "show", "default"));
        int right = 0;
        double[] repairMs = new double[FLAPS];
        for (int i = 0; i < FLAPS; i++) {
            lab.ip(host, "link", "set", router, "down");
            boolean gone = await(lab, router, host, vip, false);
            lab.ip(host, "link", "set", router, "up");
            long upNs = System.nanoTime();
            boolean back = await(lab, router, host, vip, true);
            repairMs[i] = (System.nanoTime() - upNs) / NANOS_PER_MILLI;
            lab.ip(host, route4);
            lab.ip(host, route6);
            right += gone && back ? 1 : 0;
        }
        Arrays.sort(repairMs);
        timeline.now("the route was right after " + right + " of " + FLAPS);
        figures.exactly("flaps: route right after each", right, "of " + FLAPS, FLAPS);
        figures.report("flaps: leg back after, median", repairMs[FLAPS / 2], "ms");
        figures.report("flaps: leg back after, worst", repairMs[FLAPS - 1], "ms");
    }

    private static String[] words(String family, String object, String shown) {
        String route = shown.lines().findFirst().orElseThrow().replaceAll(" pref .*| linkdown| dead", "");
        return (family + " " + object + " replace " + route.trim()).split(" +", -1);
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
