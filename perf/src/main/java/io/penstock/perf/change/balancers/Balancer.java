package io.penstock.perf.change.balancers;

import java.io.IOException;
import java.util.List;

/** A balancer that serves a {@link Site}, through changes of its file and of its process. NOT thread safe. */
public interface Balancer extends AutoCloseable {
    /** How its figures are named. */
    String label();

    /** Gives it a changed file; returns once it says that the file is applied. */
    void reload(Site site) throws IOException, InterruptedException;

    /** Puts a new process in its place; returns once that serves and the one before it does not accept any more. */
    void handOver() throws IOException, InterruptedException;

    /** All of its processes that run, the one that accepts and those that only finish what they have. */
    List<Long> pids();

    /** Ends all of them. */
    @Override
    void close();
}
