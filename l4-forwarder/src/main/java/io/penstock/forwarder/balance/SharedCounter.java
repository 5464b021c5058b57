package io.penstock.forwarder.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A number that every worker adds to, with cache lines of its own. */
@SuppressWarnings("UnusedVariable") // what lies behind the value keeps the next object away
final class SharedCounter extends CacheLinePadded {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(SharedCounter.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long value;
    private long q01;
    private long q02;
    private long q03;
    private long q04;
    private long q05;
    private long q06;
    private long q07;

    SharedCounter(long value) {
        this.value = value;
    }

    long value() {
        return value;
    }

    /** What it was before. */
    long getAndAdd(long addition) {
        return (long) VALUE.getAndAdd(this, addition);
    }
}
