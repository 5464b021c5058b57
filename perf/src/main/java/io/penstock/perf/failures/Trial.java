package io.penstock.perf.failures;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One failure under one balancer: it begins right after a check was passed, which is the longest way for checks, and ends
 * once the backend serves again. The last clients it touched come to an end meanwhile. TCP checks are reset before a
 * backend can accept them, so with those it begins anywhere between two.
 */
final class Trial {
    /** Longer than any of the checks takes: what has not been taken out by then never is. */
    static final long OUT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(4);

    private static final long BACK_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(6);
    private static final long STEADY_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    /** Both before the failure and after the return. */
    private static final long STEADY_MS = 250;

    private static final long POLL_MS = 2;

    private final Settings settings;
    private final Balancer balancer;
    private final Clients clients;
    private final BackendProcess victim;

    Trial(Settings settings, Balancer balancer, Clients clients, BackendProcess victim) {
        this.settings = settings;
        this.balancer = balancer;
        this.clients = clients;
        this.victim = victim;
    }

    /**
     * When what happened, by {@link System#nanoTime}.
     *
     * @param beganNs before the failure
     * @param injectedNs the backend has failed
     * @param outNs the balancer said so; empty when it did not
     * @param recoveredNs the backend could serve again
     * @param endNs the backend serves, or was waited for in vain
     */
    record Times(long beganNs, long injectedNs, OptionalLong outNs, long recoveredNs, long endNs) {}

    /** @param phaseNs recovers so much later: which moment between two checks is met would be chance otherwise */
    Times run(Failure failure, long phaseNs) throws IOException, InterruptedException {
        String name = victim.server().name();
        if (!await(STEADY_TIMEOUT_NS, () -> balancer.health().isIn(name))) {
            throw new IOException(name + " did not come back before it was to be " + failure.label());
        }
        Fault fault = new Fault(failure, victim);
        fault.prepare();
        Thread.sleep(STEADY_MS);
        if (settings.isHttp()) {
            victim.tell("await-check");
        }
        long beganNs = System.nanoTime();
        fault.inject();
        long injectedNs = System.nanoTime();
        boolean out = await(OUT_TIMEOUT_NS, () -> outAt(beganNs).isPresent());
        long seenNs = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(seenNs + (out ? Clients.TIMEOUT_NS : 0) + phaseNs - System.nanoTime());
        fault.recover();
        long recoveredNs = System.nanoTime();
        await(BACK_TIMEOUT_NS, () -> clients.isServedBy(name, recoveredNs));
        Thread.sleep(STEADY_MS);
        balancer.requireAlive();
        return new Times(beganNs, injectedNs, outAt(beganNs), recoveredNs, System.nanoTime());
    }

    private OptionalLong outAt(long sinceNs) {
        return balancer.health().first(victim.server().name(), false, sinceNs);
    }

    private static boolean await(long timeoutNs, BooleanSupplier met) throws InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutNs;
        while (!met.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                return false;
            }
            Thread.sleep(POLL_MS);
        }
        return true;
    }
}
