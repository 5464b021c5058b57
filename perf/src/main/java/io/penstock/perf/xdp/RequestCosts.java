package io.penstock.perf.xdp;

import io.penstock.perf.compare.Series;
import io.penstock.perf.rig.ToolRun;
import io.penstock.perf.rig.WrkReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** CPU time of the whole machine per request, by workload and contestant; contestants take turns, round by round. */
final class RequestCosts {
    private static final double MICROS = 1e6;
    private static final int SLACK_S = 30;
    private static final int WARM_UP_S = 1;

    private final String clients;
    private final Collection<String> namespaces;
    private final Map<Workload, Map<Contestant, List<Double>>> micros = new EnumMap<>(Workload.class);
    private final Map<Workload, Map<Contestant, List<Double>>> rates = new EnumMap<>(Workload.class);
    private long failures;

    /**
     * None yet.
     *
     * @param clients the network namespace that they are in
     * @param namespaces all that are measured, as {@link MachineTime} has them
     */
    RequestCosts(String clients, Collection<String> namespaces) {
        this.clients = clients;
        this.namespaces = List.copyOf(namespaces);
    }

    void measure(int rounds, int seconds, Consumer<String> status) throws IOException, InterruptedException {
        for (Workload workload : Workload.values()) {
            for (Contestant contestant : Contestant.values()) {
                status.accept(workload.label() + ": warming up " + contestant.label());
                run(workload, contestant, WARM_UP_S);
            }
            List<Contestant> order = new ArrayList<>(List.of(Contestant.values()));
            for (int round = 1; round <= rounds; round++) {
                for (Contestant contestant : order) {
                    status.accept(workload.label() + ": round " + round + ", " + contestant.label());
                    measure(workload, contestant, seconds);
                }
                Collections.rotate(order, -1);
            }
        }
    }

    private void measure(Workload workload, Contestant contestant, int seconds)
            throws IOException, InterruptedException {
        MachineTime before = MachineTime.now(namespaces);
        WrkReport report = run(workload, contestant, seconds);
        double used = MachineTime.now(namespaces).secondsSince(before);
        failures += report.failures();
        add(micros, workload, contestant, used * MICROS / report.requests());
        add(rates, workload, contestant, report.perSecond());
    }

    private WrkReport run(Workload workload, Contestant contestant, int seconds)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", clients));
        words.addAll(workload.wrk(contestant.vip(), seconds));
        return WrkReport.parse(ToolRun.outputOf(words, seconds + SLACK_S));
    }

    private static void add(
            Map<Workload, Map<Contestant, List<Double>>> to, Workload workload, Contestant contestant, double value) {
        to.computeIfAbsent(workload, unused -> new EnumMap<>(Contestant.class))
                .computeIfAbsent(contestant, unused -> new ArrayList<>())
                .add(value);
    }

    /** Of all requests, of all contestants. */
    long failures() {
        return failures;
    }

    /** Microseconds per request. */
    Series micros(Workload workload, Contestant contestant) {
        return new Series(micros.get(workload).get(contestant));
    }

    /** Requests a second. */
    Series rate(Workload workload, Contestant contestant) {
        return new Series(rates.get(workload).get(contestant));
    }

    /** Microseconds per request more than direct routing takes; by the least of all rounds, which nobody else has disturbed. */
    double added(Workload workload, Contestant contestant) {
        return micros(workload, contestant).min()
                - micros(workload, Contestant.DIRECT).min();
    }

    /** What packets in their simplest encapsulation add, of what another adds. */
    double ratio(Workload workload, Contestant other) {
        return added(workload, Contestant.PACKETS) / added(workload, other);
    }
}
