package io.penstock.forwarder.worker;

import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;
import io.penstock.forwarder.flow.Flows;
import java.util.List;
import java.util.function.IntConsumer;

/** Resets connections, and closes sessions, by their tokens. */
final class ConnectionReset implements WorkerTask {
    /** Each takes four calls of the kernel, and sends two segments. */
    static final int RESETS_PER_STEP = 32;

    private final long[] tokens;
    private final ResetCause cause;
    private final IntConsumer answer;
    private int next;
    private int reset;

    /** @param answer called on the worker's thread with how many were still there; must not block */
    ConnectionReset(long[] tokens, ResetCause cause, IntConsumer answer) {
        this.tokens = tokens;
        this.cause = cause;
        this.answer = answer;
    }

    @Override
    public boolean step(List<Flows> protocols) {
        int end = Math.min(tokens.length, next + RESETS_PER_STEP);
        for (; next < end; next++) {
            Flows flows = protocols.get(EventKind.isUdp(EventToken.kind(tokens[next])) ? 1 : 0);
            boolean found =
                    switch (cause) {
                        case DRAIN -> flows.tryDrain(tokens[next]);
                        case KILL -> flows.tryKill(tokens[next]);
                    };
            reset += found ? 1 : 0;
        }
        boolean done = next == tokens.length;
        if (done) {
            answer.accept(reset);
        }
        return done;
    }

    @Override
    public void abandon() {
        answer.accept(reset);
    }
}
