package io.penstock.forwarder.control;

import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.DrainStatus;
import io.penstock.forwarder.operate.DrainTarget;
import io.penstock.forwarder.worker.ConnectionList;
import io.penstock.forwarder.worker.ConnectionTest;
import io.penstock.forwarder.worker.ResetCause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** A drain among the workers: carries its questions to them, its answers back, and its progress to the log. */
final class RunningDrain implements Drain.Connections {
    private final Drain drain;
    private final WorkerConnections workers;
    private final ConnectionTest test;
    private final DrainsTurn turn;
    private final DrainLog drainLog;
    private final boolean silentWhenEmpty;
    private final long startNs;
    private final CompletableFuture<DrainStatus> begun = new CompletableFuture<>();
    private long logNs;
    private boolean logsEnd;

    /** Where answers go on: the thread of the drains, which then does what has become due. */
    interface DrainsTurn {
        void after(Runnable answer);
    }

    /** @param silentWhenEmpty nobody asked for it, so the log has no lines about it if there was nothing to do */
    RunningDrain(
            DrainTarget target,
            DrainPlan plan,
            WorkerConnections workers,
            ConnectionTest test,
            DrainsTurn turn,
            DrainLog drainLog,
            boolean silentWhenEmpty,
            RandomGenerator random,
            long nowNs) {
        this.workers = workers;
        this.test = test;
        this.turn = turn;
        this.drainLog = drainLog;
        this.silentWhenEmpty = silentWhenEmpty;
        startNs = nowNs;
        drain = new Drain(target, plan, this, Instant.now(), nowNs, random);
    }

    /** Complete when it is known how many connections there are. */
    CompletableFuture<DrainStatus> begun() {
        return begun;
    }

    boolean isOver() {
        return drain.isOver();
    }

    DrainStatus status(long nowNs) {
        return drain.status(nowNs);
    }

    /** Does what is due; when it wants to be called again, at the latest. */
    long onTime(long nowNs) {
        long next = drain.onTime(nowNs);
        log(nowNs);
        return drain.isOver() ? MemberState.NEVER : Math.min(next, logNs == 0 ? MemberState.NEVER : logNs);
    }

    void cancel(long nowNs) {
        drain.cancel();
        log(nowNs);
    }

    private void log(long nowNs) {
        if (begun.isDone() && !logsEnd) {
            return;
        }
        DrainStatus status = drain.status(nowNs);
        if (!begun.isDone() && (drain.hasBegun() || drain.isOver())) {
            logsEnd = !(silentWhenEmpty && status.atStart() == 0);
            logNs = nowNs + DrainLog.INTERVAL_NS;
            if (logsEnd) {
                drainLog.begun(status);
            }
            begun.complete(status);
        }
        if (drain.isOver() && logsEnd) {
            logsEnd = false;
            drainLog.over(status, Duration.ofNanos(nowNs - startNs));
        } else if (logsEnd && nowNs >= logNs) {
            logNs = nowNs + DrainLog.INTERVAL_NS;
            drainLog.underWay(status);
        }
    }

    @Override
    public void find(Drain asking) {
        CompletableFuture<Void> unused = workers.find(test)
                .thenAccept(lists -> turn.after(() -> asking.onFound(candidates(lists), System.nanoTime())));
    }

    private static List<Drain.Candidate> candidates(List<ConnectionList> byWorker) {
        return IntStream.range(0, byWorker.size())
                .boxed()
                .flatMap(worker -> {
                    ConnectionList list = byWorker.get(worker);
                    return IntStream.range(0, list.size())
                            .mapToObj(i -> new Drain.Candidate(worker, list.token(i), list.openedNs(i)));
                })
                .toList();
    }

    @Override
    public void reset(Drain asking, List<Drain.Candidate> candidates) {
        List<long[]> tokens = new ArrayList<>();
        for (int i = 0; i < workers.count(); i++) {
            int worker = i;
            tokens.add(candidates.stream()
                    .filter(one -> one.worker() == worker)
                    .mapToLong(Drain.Candidate::token)
                    .toArray());
        }
        CompletableFuture<Void> unused = workers.reset(tokens, ResetCause.DRAIN)
                .thenAccept(count -> turn.after(() -> asking.onReset(count, System.nanoTime())));
    }

    /** With its listeners closed, a worker takes what the kernel has queued and ends after its last connection. */
    @Override
    public boolean isFinal() {
        return !(drain.target() instanceof DrainTarget.Forwarder) || workers.haveEnded();
    }
}
