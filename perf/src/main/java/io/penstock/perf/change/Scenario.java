package io.penstock.perf.change;

import java.io.IOException;
import java.util.List;

/** One thing that must go on without loss. */
@FunctionalInterface
interface Scenario {
    /** Runs it; fails when it could not be measured. */
    List<Findings> run(Rig rig) throws IOException, InterruptedException;
}
