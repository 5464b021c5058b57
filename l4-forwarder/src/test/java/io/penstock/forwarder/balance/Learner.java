package io.penstock.forwarder.balance;

import java.util.ArrayList;
import java.util.List;

/** Learns the weights of a group once in every second of a simulation, as the controller does in earnest. */
final class Learner {
    /** Weights in finer units than configured ones, so that a factor is not rounded away. */
    private static final int UNITS = 100;

    private final Group group;
    private final QueueingSimulation simulation;
    private final AdaptiveWeights weights;
    private final List<LearntWeight> learnt = new ArrayList<>();
    private final long[][] seen;
    private final List<double[]> history = new ArrayList<>();

    Learner(Group group, QueueingSimulation simulation, int stepPercent, int floorPercent) {
        this.group = group;
        this.simulation = simulation;
        weights = new AdaptiveWeights(stepPercent, floorPercent);
        seen = new long[group.size()][4];
        for (int i = 0; i < group.size(); i++) {
            learnt.add(new LearntWeight());
        }
        simulation.every(1, this::learn);
    }

    private void learn() {
        double[] factors = new double[group.size()];
        int[] effective = new int[group.size()];
        for (int i = 0; i < group.size(); i++) {
            observe(i);
        }
        weights.adjust(learnt);
        for (int i = 0; i < group.size(); i++) {
            factors[i] = factor(i);
            effective[i] = (int) (UNITS * group.weights[i] * factors[i]);
        }
        history.add(factors);
        simulation.use(new Group(group, effective).policy(PolicyKind.ADAPTIVE));
    }

    private void observe(int backend) {
        BackendLoad load = group.loads[backend];
        long[] now = {load.connects(), load.connectNs(), load.firstBytes(), load.firstByteNs()};
        long[] old = seen[backend];
        learnt.get(backend)
                .observe(
                        group.weights[backend],
                        now[0] - old[0],
                        now[1] - old[1],
                        now[2] - old[2],
                        now[3] - old[3],
                        load.connectFailures());
        seen[backend] = now;
    }

    double factor(int backend) {
        return learnt.get(backend).factor();
    }

    /** Over the last so many seconds. */
    double mean(int backend, int seconds) {
        return history.subList(history.size() - seconds, history.size()).stream()
                .mapToDouble(factors -> factors[backend])
                .average()
                .orElseThrow();
    }

    /** Standard deviation over mean, over the last so many seconds. */
    double variation(int backend, int seconds) {
        double mean = mean(backend, seconds);
        double variance = history.subList(history.size() - seconds, history.size()).stream()
                .mapToDouble(factors -> Math.pow(factors[backend] - mean, 2))
                .average()
                .orElseThrow();
        return Math.sqrt(variance) / mean;
    }
}
