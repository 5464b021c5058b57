package io.penstock.perf.load;

/** A way of loading a target. Runs one after the other; {@link #close} ends what a run left open. */
interface Workload extends AutoCloseable {
    /** Fails with LoadException when the target cannot be loaded at all. */
    LoadResult run(RunPlan plan);

    @Override
    void close();
}
