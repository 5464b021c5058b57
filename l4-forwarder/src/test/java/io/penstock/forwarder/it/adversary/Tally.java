package io.penstock.forwarder.it.adversary;

import java.util.Locale;

/** What a campaign has seen so far. Not thread safe. */
final class Tally {
    private static final long BULK_BYTES = 256 << 10;

    private long scripts;
    private long compared;
    private long bulk;
    private long endsOfStream;
    private long resets;
    private long stalled;
    private long abandoned;
    private long toBackends;
    private long toClients;
    private long sentByClients;
    private long sentByBackends;
    private long mayStall;

    void addForwarded(Result result) {
        scripts++;
        mayStall += result.job().mayStall() ? 1 : 0;
        add(result.client());
        add(result.backend());
        toBackends += result.backend().received();
        toClients += result.client().received();
        sentByClients += result.client().sent() + result.client().urgent();
        sentByBackends += result.backend().sent() + result.backend().urgent();
        bulk += Math.max(result.client().received(), result.backend().received()) > BULK_BYTES ? 1 : 0;
        stalled += result.timedOut() ? 1 : 0;
        abandoned += Rules.isAbandoned(result.client(), result.backend()) ? 1 : 0;
    }

    private void add(Observed observed) {
        endsOfStream += observed.endOfStream() ? 1 : 0;
        resets += observed.reset() ? 1 : 0;
    }

    void addCompared() {
        compared++;
    }

    long scripts() {
        return scripts;
    }

    long mayStall() {
        return mayStall;
    }

    long bulk() {
        return bulk;
    }

    long compared() {
        return compared;
    }

    long receivedByBackends() {
        return toBackends;
    }

    long receivedByClients() {
        return toClients;
    }

    long sentByClients() {
        return sentByClients;
    }

    long sentByBackends() {
        return sentByBackends;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d scripts, %.1f GiB; more than 256 KiB one way: %,d; ends of stream: %,d, resets: %,d, timeouts: %,d,"
                        + " called off: %,d; equal to a direct connection: %,d",
                scripts,
                (toBackends + toClients) / (double) (1 << 30),
                bulk,
                endsOfStream,
                resets,
                stalled,
                abandoned,
                compared);
    }
}
