package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.BackendLoad;

/** The sums of a {@link BackendLoad} at one moment, or what they grew by between two. */
record LoadSums(
        long connects,
        long connectNs,
        long slowConnects,
        long connectFailures,
        long firstBytes,
        long firstByteNs,
        long slowFirstBytes,
        long earlyResets) {
    static LoadSums of(BackendLoad load) {
        return new LoadSums(
                load.connects(),
                load.connectNs(),
                load.slowConnects(),
                load.connectFailures(),
                load.firstBytes(),
                load.firstByteNs(),
                load.slowFirstBytes(),
                load.earlyResets());
    }

    LoadSums since(LoadSums earlier) {
        return new LoadSums(
                connects - earlier.connects,
                connectNs - earlier.connectNs,
                slowConnects - earlier.slowConnects,
                connectFailures - earlier.connectFailures,
                firstBytes - earlier.firstBytes,
                firstByteNs - earlier.firstByteNs,
                slowFirstBytes - earlier.slowFirstBytes,
                earlyResets - earlier.earlyResets);
    }

    /** Connections that were tried to their end. */
    long attempts() {
        return connects + connectFailures;
    }

    /** Of these, those that failed or were reset before their first byte. */
    long failures() {
        return connectFailures + earlyResets;
    }

    /** 0 with fewer than {@code min} attempts. Capped: resets may be of connections made before. */
    int failurePercent(int min) {
        return percent(failures(), attempts(), min);
    }

    /**
     * Of connects or of first bytes, whichever is worse and came at least {@code min} times: a server that is slow to
     * answer may be quick to accept.
     */
    int slowPercent(int min) {
        return Math.max(percent(slowConnects, connects, min), percent(slowFirstBytes, firstBytes, min));
    }

    /** From the connect to the first byte, on average; a part of which there is none counts as nothing. */
    double meanResponseNs() {
        return mean(connectNs, connects) + mean(firstByteNs, firstBytes);
    }

    /** How many answers are behind that mean: sessions of UDP take no time to connect, and may never be answered. */
    long responses() {
        return connectNs == 0 ? firstBytes : connects;
    }

    private static double mean(long sum, long count) {
        return count <= 0 ? 0 : (double) sum / count;
    }

    private static int percent(long part, long whole, int min) {
        return whole < Math.max(1, min) ? 0 : (int) Math.min(100, part * 100 / whole);
    }
}
