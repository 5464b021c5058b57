package io.penstock.perf.policies.scenario;

/** Time, simulated or real, and what is to happen at its time; everything on one thread. */
public interface Timers {
    long nowNs();

    void at(long atNs, Runnable action);
}
