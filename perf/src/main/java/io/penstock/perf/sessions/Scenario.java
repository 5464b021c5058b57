package io.penstock.perf.sessions;

import io.penstock.perf.change.Findings;
import java.io.IOException;
import java.util.List;

/** One thing that is measured. */
@FunctionalInterface
interface Scenario {
    /** Runs it; fails when it could not be measured. */
    List<Findings> run(Site site) throws IOException, InterruptedException;
}
