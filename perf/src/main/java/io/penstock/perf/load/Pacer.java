package io.penstock.perf.load;

/**
 * Makes arrivals happen when a schedule says so. Looks for events without ever sleeping, since epoll_wait(2) rounds to
 * milliseconds and a sleeper would have to be woken by the target, at the target's cost.
 */
final class Pacer {
    /** What to do when something arrives. */
    @FunctionalInterface
    interface Arrival {
        /** Called at {@code nowNs} for something due at {@code intendedNs}, which is not later. */
        void onArrival(long intendedNs, long nowNs);
    }

    /** Of the arrivals that are due, before the backend has its turn. */
    private static final int ARRIVALS_PER_TURN = 16;

    private final EventLoop loop;
    private final Arrival arrival;

    Pacer(EventLoop loop, Arrival arrival) {
        this.loop = loop;
        this.arrival = arrival;
    }

    /** Until the period is over and all its arrivals, however late, have happened. */
    void drive(ArrivalSchedule schedule, long startNs, long lengthNs) {
        long endNs = startNs + lengthNs;
        long nextNs = startNs + schedule.nextNs();
        long nowNs = System.nanoTime();
        while (nowNs - endNs < 0 || nextNs - endNs < 0) {
            for (int i = 0; i < ARRIVALS_PER_TURN && nextNs - nowNs <= 0 && nextNs - endNs < 0; i++) {
                arrival.onArrival(nextNs, System.nanoTime());
                nextNs = startNs + schedule.nextNs();
            }
            loop.turn(0);
            nowNs = System.nanoTime();
        }
    }
}
