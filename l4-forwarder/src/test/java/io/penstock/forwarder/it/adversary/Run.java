package io.penstock.forwarder.it.adversary;

import io.penstock.forwarder.it.adversary.Observed.Finish;
import io.penstock.forwarder.it.adversary.Peer.Progress;
import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;

/** One script being played once, by two peers over one connection. Belongs to its {@link Arena}. */
final class Run {
    /** How the client reaches the backend. */
    enum Way {
        FORWARDED,
        DIRECT
    }

    /** How long a backend still waits for a client that has reset, and that its forwarder may have dropped. */
    private static final long GIVE_UP_NS = 50_000_000;

    /** Without any step or byte; no script pauses for nearly as long. */
    private static final long HANG_NS = 15_000_000_000L;

    private final Arena arena;
    private final Job job;
    private final int slot;
    private final int port;
    private final Peer client;
    private final Peer backend;
    private final long startNs;

    private long lastProgressNs;
    private long giveUpAtNs = Long.MAX_VALUE;
    private boolean timedOut;
    private boolean hasMore;
    private String failure;

    /** Starts: the backend listens when this returns. */
    Run(Arena arena, Job job, int slot, int port, long nowNs) {
        this.arena = arena;
        this.job = job;
        this.slot = slot;
        this.port = port;
        startNs = nowNs;
        lastProgressNs = nowNs;
        Content upstream = new Content(job.number() << 1);
        Content downstream = new Content(job.number() << 1 | 1);
        client = new Peer(this, Arena.CLIENT, job.script().client(), upstream, downstream);
        backend = new Peer(this, Arena.BACKEND, job.script().backend(), downstream, upstream);
        client.meets(backend);
        backend.meets(client);
        if (job.script().backendListens()) {
            backend.listen(new Endpoint(Arena.BACKEND_ADDRESS, port));
        }
    }

    Arena arena() {
        return arena;
    }

    Job job() {
        return job;
    }

    int slot() {
        return slot;
    }

    int port() {
        return port;
    }

    /** Where the client connects to. */
    Endpoint target() {
        return new Endpoint(job.way() == Way.DIRECT ? Arena.BACKEND_ADDRESS : Arena.FORWARDER_ADDRESS, port);
    }

    void onEvent(int kind, int events) {
        (kind == Arena.CLIENT ? client : backend).onEvent(events);
    }

    /** Plays both sides as far as they come. */
    void turn(long nowNs) {
        boolean backendHasMore = backend.turn(nowNs) == Progress.MORE;
        hasMore = client.turn(nowNs) == Progress.MORE || backendHasMore;
        if (client.hasReset() && backend.isAccepting()) {
            if (giveUpAtNs == Long.MAX_VALUE) {
                giveUpAtNs = nowNs + GIVE_UP_NS;
            } else if (nowNs >= giveUpAtNs) {
                backend.giveUpAccepting();
                backend.turn(nowNs);
            }
        } else {
            giveUpAtNs = Long.MAX_VALUE;
        }
        if (nowNs - lastProgressNs > HANG_NS) {
            fail("nothing moves any more");
        }
    }

    /** Whether there is something to do before any event comes. */
    boolean hasMore() {
        return hasMore;
    }

    long wakeAtNs() {
        return Math.min(
                Math.min(client.wakeAtNs(), backend.wakeAtNs()), Math.min(giveUpAtNs, lastProgressNs + HANG_NS));
    }

    boolean isOver() {
        return failure != null || (client.isOver() && backend.isOver());
    }

    /** Frees every socket and returns the result. */
    Result finish() {
        if (failure == null && backend.isWantedTwice()) {
            fail("the backend was connected twice for one client");
        }
        client.release();
        backend.release();
        Observed ofClient = client.observed();
        Observed ofBackend = backend.observed();
        String violation = failure != null ? failure : Rules.violation(ofClient, ofBackend, timedOut);
        return new Result(job, ofClient, ofBackend, timedOut, violation);
    }

    /** A connection of this run may still be on its way to the port: the backend has not met it. */
    boolean leavesTraces() {
        return job.way() == Way.FORWARDED && backend.observed().finish() == Finish.ABSENT;
    }

    void onProgress() {
        lastProgressNs = arena.nowNs();
    }

    /** A reset after the time that the forwarder allows may be that of a timeout, when the script may wait for long. */
    void onReset() {
        timedOut |= job.mayStall() && arena.nowNs() - startNs >= Arena.SHORT_TIMEOUT_NS * 9 / 10;
    }

    void fail(String reason) {
        if (failure == null) {
            failure = reason;
        }
    }

    int check(String call, int result) {
        if (result < 0) {
            throw new IllegalStateException(call + ": " + Errno.describe(-result) + " in " + job.script());
        }
        return result;
    }
}
