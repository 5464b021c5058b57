package io.penstock.perf.load;

import io.penstock.net.Endpoint;

/**
 * One run of a workload.
 *
 * @param connections that make requests; of those that take turns only
 * @param idleConnections that make none
 * @param rate requests, or connections, per second of an open loop; 0 for a closed one
 * @param warmUpNs of the same load before the measured period
 * @param measuredNs how long the measured period is
 */
record RunPlan(
        Endpoint target,
        int connections,
        int idleConnections,
        double rate,
        long warmUpNs,
        long measuredNs,
        Marks marks) {

    RunPlan withMarks(Marks newMarks) {
        return new RunPlan(target, connections, idleConnections, rate, warmUpNs, measuredNs, newMarks);
    }

    RunPlan withRate(double newRate) {
        return new RunPlan(target, connections, idleConnections, newRate, warmUpNs, measuredNs, marks);
    }
}
