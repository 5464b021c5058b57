package io.penstock.perf.load;

/** What a run counts: units and bytes of the measured period, failures since the beginning. */
final class Tally {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Latencies latencies = new Latencies();
    private long units;
    private long bytes;
    private long failures;
    private String firstFailure;

    void onUnit(int responseBytes) {
        units++;
        bytes += responseBytes;
    }

    /** Failures are counted by requests without a response; a connection that lost none counts as one. */
    void onFailure(String reason, int lost) {
        failures += Math.max(1, lost);
        if (firstFailure == null) {
            firstFailure = reason;
        }
    }

    Latencies latencies() {
        return latencies;
    }

    /** The measured period begins. */
    void restart() {
        units = 0;
        bytes = 0;
        latencies.reset();
    }

    LoadResult result(long lengthNs) {
        if (firstFailure != null) {
            System.err.println("load: failures=" + failures + " first=\"" + firstFailure + '"');
        }
        return new LoadResult()
                .put("units", units)
                .put("seconds", lengthNs / NANOS_PER_SECOND)
                .put("failures", failures)
                .put("bytes", bytes)
                .putLatencies("", latencies);
    }
}
