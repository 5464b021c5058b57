package io.penstock.perf.failures;

/**
 * What one client got.
 *
 * @param startNs when it began to connect
 * @param endNs when it had its answer, or gave up
 * @param backend who answered; null when nobody did
 * @param problem why nobody did; null when somebody did
 */
record Outcome(long startNs, long endNs, String backend, String problem) {
    static Outcome served(long startNs, long endNs, String backend) {
        return new Outcome(startNs, endNs, backend, null);
    }

    static Outcome failed(long startNs, long endNs, String problem) {
        return new Outcome(startNs, endNs, null, problem);
    }

    boolean isFailed() {
        return backend == null;
    }

    long tookNs() {
        return endNs - startNs;
    }
}
