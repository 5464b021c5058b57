package io.penstock.perf.micro;

import java.util.Collection;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/**
 * What the iterations of one benchmark came to.
 *
 * @param ns mean time of an operation
 * @param allocatedBytes by all threads of the JVM, JMH's own included
 */
record Sample(double ns, double leastNs, double mostNs, int iterations, double operations, double allocatedBytes) {
    /** Bytes allocated per operation, by the JVM's accounts of its threads; the GC profiler's name for it. */
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    static Sample of(RunResult run) {
        Collection<IterationResult> iterations = run.getAggregatedResult().getIterationResults();
        double operations = 0;
        double allocated = 0;
        for (IterationResult iteration : iterations) {
            Result<?> perOperation = iteration.getSecondaryResults().get(ALLOCATED);
            if (perOperation == null) {
                throw new IllegalStateException("this JVM keeps no account of what its threads allocate");
            }
            long done = iteration.getMetadata().getAllOps();
            operations += done;
            allocated += perOperation.getScore() * done;
        }
        Statistics ns = run.getPrimaryResult().getStatistics();
        return new Sample(ns.getMean(), ns.getMin(), ns.getMax(), iterations.size(), operations, allocated);
    }

    /**
     * Bytes, without the 6 KB or so that JMH allocates in an iteration: over the few operations of a slow benchmark they
     * would look like an allocation of its own.
     *
     * @param empty a benchmark that does nothing, measured as long
     */
    double allocatedPerOperation(Sample empty) {
        double own = empty.allocatedBytes / empty.iterations * iterations;
        return Math.max(0, allocatedBytes - own) / operations;
    }
}
