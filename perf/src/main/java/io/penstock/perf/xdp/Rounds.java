package io.penstock.perf.xdp;

import io.penstock.perf.rig.ToolRun;
import io.penstock.perf.rig.WrkReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures requests in rounds, all workloads in each, so that what a machine does for a minute is not one workload's; in a turn of a workload
 * contestants follow each other, and the next turn begins with the next one. Those of whom nothing is promised take part in one turn a round.
 */
final class Rounds {
    private static final double MICROS = 1e6;
    private static final int SLACK_S = 30;
    private static final int WARM_UP_S = 1;

    private final String clients;
    private final Collection<String> namespaces;
    private final Consumer<String> status;
    private final RequestCosts costs = new RequestCosts();

    /**
     * None yet.
     *
     * @param clients the network namespace that they are in
     * @param namespaces all that are measured, as {@link MachineTime} has them
     * @param status takes what is done now
     */
    Rounds(String clients, Collection<String> namespaces, Consumer<String> status) {
        this.clients = clients;
        this.namespaces = List.copyOf(namespaces);
        this.status = status;
    }

    /**
     * Takes about a tenth more than the seconds of all turns, on a machine that is busy with other things half as much again.
     *
     * @param rounds at the most
     * @param seconds of each turn of each contestant
     * @param limit after which no round begins
     */
    RequestCosts measure(int rounds, int seconds, Duration limit) throws IOException, InterruptedException {
        long beganNs = System.nanoTime();
        for (Workload workload : Workload.values()) {
            for (Contestant contestant : Contestant.values()) {
                status.accept(workload.label() + ": warming up " + contestant.label());
                run(workload, contestant, WARM_UP_S);
            }
        }
        List<Contestant> order = new ArrayList<>(List.of(Contestant.values()));
        for (int round = 1; round <= rounds && System.nanoTime() - beganNs < limit.toNanos(); round++) {
            for (Workload workload : Workload.values()) {
                for (int turn = 0; turn < workload.turns(); turn++) {
                    String where = "round " + round + " of " + rounds + ", " + workload.label() + ": ";
                    costs.add(workload, turn(where, workload, takingPart(order, turn), seconds));
                    Collections.rotate(order, -1);
                }
            }
        }
        return costs;
    }

    private static List<Contestant> takingPart(List<Contestant> order, int turn) {
        return order.stream().filter(each -> turn == 0 || each.isPromised()).toList();
    }

    private Map<Contestant, Cost> turn(String where, Workload workload, List<Contestant> order, int seconds)
            throws IOException, InterruptedException {
        Map<Contestant, Cost> turn = new EnumMap<>(Contestant.class);
        for (Contestant contestant : order) {
            status.accept(where + contestant.label());
            MachineTime before = MachineTime.now(namespaces);
            WrkReport report = run(workload, contestant, seconds);
            double used = MachineTime.now(namespaces).secondsSince(before);
            turn.put(contestant, new Cost(used * MICROS / report.requests(), report.perSecond(), report.failures()));
        }
        return turn;
    }

    private WrkReport run(Workload workload, Contestant contestant, int seconds)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", clients));
        words.addAll(workload.wrk(contestant.vip(), seconds));
        return WrkReport.parse(ToolRun.outputOf(words, seconds + SLACK_S));
    }
}
