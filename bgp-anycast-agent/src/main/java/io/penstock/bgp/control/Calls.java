package io.penstock.bgp.control;

import io.penstock.agent.Orders;
import io.penstock.bgp.gobgp.DaemonException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Brings what a daemon answers, and tells by itself, onto the agent's thread. */
final class Calls {
    private final Orders orders;
    private final AgentFigures figures;
    private final LongSupplier clock;

    Calls(Orders orders, AgentFigures figures, LongSupplier clock) {
        this.orders = orders;
        this.figures = figures;
        this.clock = clock;
    }

    long nowNs() {
        return clock.getAsLong();
    }

    /** Has it done in one of the next turns of the agent's thread; from any thread. */
    void later(Runnable done) {
        orders.leave(done);
    }

    /** One of the two is called on the agent's thread, in one of its next turns, once. */
    <T> void await(CompletableFuture<T> call, Consumer<T> done, Consumer<DaemonException> failed) {
        CompletableFuture<Void> unused = call.handle((result, failure) -> {
            orders.leave(() -> {
                if (failure == null) {
                    done.accept(result);
                } else {
                    failed.accept(count(cause(failure)));
                }
            });
            return null;
        });
    }

    private DaemonException count(DaemonException failure) {
        switch (failure.kind()) {
            case REFUSED -> figures.count(AgentCounter.REFUSALS);
            case LATE -> figures.count(AgentCounter.LATE_CALLS);
            case UNREACHABLE -> {}
        }
        return failure;
    }

    private static DaemonException cause(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof DaemonException known) {
            return known;
        }
        throw new IllegalStateException("no answer of a daemon", cause);
    }
}
