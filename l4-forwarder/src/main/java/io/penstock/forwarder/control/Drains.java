package io.penstock.forwarder.control;

import io.penstock.events.EventLog;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.DrainStatus;
import io.penstock.forwarder.operate.DrainTarget;
import io.penstock.forwarder.operate.RefusedException;
import io.penstock.forwarder.worker.ConnectionTest;
import io.penstock.forwarder.worker.WorkerProxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * All drains of a forwarder, asked for or due to a pool's fail-back, on a thread of their own, {@code fwd-drain}: so
 * neither the control thread nor a worker waits for their pace. Public methods are safe from any other thread.
 */
public final class Drains implements AutoCloseable {
    private static final long ANSWER_TIMEOUT_S = 30;

    /** Connections that fall due within this time of each other are reset together. */
    private static final long TICK_NS = 1_000_000;

    /** Of those that are over, so many are remembered. */
    private static final int KEPT = 256;

    private final ControlThread thread = new ControlThread("fwd-drain");
    private final WorkerConnections workers;
    private final DrainHost host;
    private final DrainLog log;
    private final RandomGenerator random = new SplittableRandom();
    private final FailBacks failBacks = new FailBacks(new FailBackStarter());
    /** The latest of each target, in the order of their beginnings. */
    private final Map<DrainTarget, RunningDrain> drains = new LinkedHashMap<>();

    public Drains(List<WorkerProxy> workers, DrainHost host, EventLog events) {
        this.workers = new WorkerConnections(workers);
        log = new DrainLog(events);
        this.host = host;
    }

    /**
     * Begins to end connections, oldest first, at a pace: first of all no new ones come. One that is under way for the same
     * target is replaced; a drain of the whole forwarder ends all others.
     *
     * @return how it begins, with what is open
     */
    public DrainStatus drain(DrainTarget target, DrainPlan plan) throws RefusedException {
        if (target instanceof DrainTarget.Backend backend) {
            host.drainBackend(backend.pool(), backend.id());
        } else if (target instanceof DrainTarget.Forwarder) {
            host.stopAccepting();
        } else if (target instanceof DrainTarget.FailBack failBack) {
            refuseUnlessSpare(failBack.pool());
        }
        RunningDrain begun = ask(() -> begin(target, plan, false, System.nanoTime()));
        return begun.begun().orTimeout(ANSWER_TIMEOUT_S, TimeUnit.SECONDS).join();
    }

    /** As a stop needs it: of all that is open, where no clients are taken already; does not wait. */
    public void drainAll(DrainPlan plan) {
        thread.execute(() -> begin(new DrainTarget.Forwarder(), plan, false, System.nanoTime()));
    }

    private void refuseUnlessSpare(String pool) throws RefusedException {
        PoolShares shares = ask(() -> failBacks.sharesOf(pool))
                .orElseThrow(() -> RefusedException.unknown("no pool is named '" + pool + "'"));
        if (shares.bound()) {
            throw RefusedException.because(
                    "pool " + pool + " has affinity: sources would come back to the backend they are bound to");
        }
        if (shares.spares().isEmpty()) {
            throw RefusedException.because("every backend of pool " + pool + " that is up takes new connections");
        }
    }

    /** Ends a drain where it is; what is left stays. */
    public DrainStatus cancel(DrainTarget target) throws RefusedException {
        return ask(() -> Optional.ofNullable(drains.get(target)).map(drain -> {
                    long nowNs = System.nanoTime();
                    drain.cancel(nowNs);
                    return drain.status(nowNs);
                }))
                .orElseThrow(() -> RefusedException.unknown("no drain of " + target));
    }

    /** What is to run: drains of backends that are to take new connections again end where they are. */
    public void onConfig(ForwarderConfig config) {
        after(() -> drains.forEach((target, drain) -> {
            if (target instanceof DrainTarget.Backend backend && isReady(config, backend)) {
                drain.cancel(System.nanoTime());
            }
        }));
    }

    /** One that is not there any more is not: what it has left comes to its end. */
    private static boolean isReady(ForwarderConfig config, DrainTarget.Backend target) {
        return Optional.ofNullable(config.pools().get(target.pool())).stream()
                .flatMap(pool -> pool.backends().stream())
                .anyMatch(backend -> backend.id().equals(target.id()) && backend.state() == BackendConfig.State.READY);
    }

    /** Those under way and those that ended, the latest of each target. */
    public List<DrainStatus> statuses() {
        try {
            return ask(() -> {
                long nowNs = System.nanoTime();
                return drains.values().stream()
                        .map(drain -> drain.status(nowNs))
                        .toList();
            });
        } catch (RefusedException stopping) {
            return List.of();
        }
    }

    /** The control thread says who gets new connections, of all pools by name. */
    void onShares(Map<String, PoolShares> shares) {
        after(() -> failBacks.onShares(shares, System.nanoTime()));
    }

    private <T> T ask(Supplier<T> question) throws RefusedException {
        try {
            return thread.ask(question);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RefusedException.because("interrupted");
        }
    }

    private final class FailBackStarter implements FailBacks.Starter {
        @Override
        public void begin(DrainTarget.FailBack target, DrainPlan plan, long nowNs) {
            Drains.this.begin(target, plan, true, nowNs);
        }

        @Override
        public void cancel(DrainTarget.FailBack target) {
            Optional.ofNullable(drains.get(target)).ifPresent(drain -> drain.cancel(System.nanoTime()));
        }
    }

    private RunningDrain begin(DrainTarget target, DrainPlan plan, boolean silentWhenEmpty, long nowNs) {
        if (target instanceof DrainTarget.Forwarder) {
            drains.values().forEach(other -> other.cancel(nowNs));
        }
        RunningDrain drain = new RunningDrain(
                target, plan, workers, test(target, nowNs), this::after, log, silentWhenEmpty, random, nowNs);
        // Anew, at the end of the order.
        Optional.ofNullable(drains.remove(target)).ifPresent(replaced -> replaced.cancel(nowNs));
        forgetTheOldest();
        drains.put(target, drain);
        after(() -> {});
        return drain;
    }

    private void forgetTheOldest() {
        if (drains.size() >= KEPT) {
            drains.values().stream().filter(RunningDrain::isOver).findFirst().ifPresent(drains.values()::remove);
        }
    }

    private ConnectionTest test(DrainTarget target, long nowNs) {
        if (target instanceof DrainTarget.Backend backend) {
            return (list, i) -> list.backend(i) != null
                    && list.backend(i).pool().equals(backend.pool())
                    && ConnectionMatch.isOf(list.backend(i), backend.id());
        }
        if (target instanceof DrainTarget.FailBack failBack) {
            Spares spares =
                    failBacks.sharesOf(failBack.pool()).map(PoolShares::spares).orElse(Spares.NONE);
            // Those that come from now on found the better ones full.
            return (list, i) -> list.backend(i) != null
                    && list.backend(i).pool().equals(failBack.pool())
                    && list.openedNs(i) <= nowNs
                    && spares.contains(list.backend(i), list.clientHigh(i), list.clientLow(i));
        }
        return (list, i) -> true;
    }

    /** On the drains' thread: this, and what is due then. */
    private void after(Runnable answer) {
        thread.execute(() -> {
            answer.run();
            onTime();
        });
    }

    private void onTime() {
        long nowNs = System.nanoTime();
        long nextNs = failBacks.onTime(nowNs);
        for (RunningDrain drain : drains.values()) {
            nextNs = Math.min(nextNs, drain.onTime(nowNs));
        }
        if (nextNs != MemberState.NEVER) {
            thread.wakeAt(Math.max(nextNs, nowNs + TICK_NS), nowNs, this::onTime);
        }
    }

    /** Ends all drains where they are. */
    @Override
    public void close() {
        thread.close();
    }
}
