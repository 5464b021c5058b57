package io.penstock.forwarder.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One bucket for all workers, full at first. Lives over all tables; its rate may change from one to the next. Safe from any
 * thread, without locks.
 */
public final class TokenBucket {
    private static final VarHandle FULL_AT;

    static {
        try {
            FULL_AT = MethodHandles.lookup().findVarHandle(TokenBucket.class, "fullAtNs", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long startNs;
    /** Since the start, so that clocks of any origin compare. */
    private volatile long fullAtNs;

    public TokenBucket(long nowNs) {
        startNs = nowNs;
    }

    boolean tryTake(TokenRate rate, long nowNs) {
        long before = fullAtNs;
        while (true) {
            long after = rate.take(before, nowNs - startNs);
            if (after == TokenRate.REFUSED) {
                return false;
            }
            long found = (long) FULL_AT.compareAndExchange(this, before, after);
            if (found == before) {
                return true;
            }
            before = found;
        }
    }

    /** Puts back a token that was taken and not used. */
    void putBack(TokenRate rate) {
        FULL_AT.getAndAdd(this, -rate.intervalNs());
    }

    /** Until there may be a token. */
    long waitNs(TokenRate rate, long nowNs) {
        return rate.waitNs(fullAtNs, nowNs - startNs);
    }
}
