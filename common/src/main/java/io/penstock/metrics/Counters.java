package io.penstock.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;

/**
 * One thread's counters, one for each constant of an enum. Only the owning thread may write; any thread may read, and
 * sees each counter whole and, unless it is {@link #set}, never going back, but not all counters of one instant.
 */
@SuppressWarnings("EnumOrdinal") // an array index is the point: EnumMap boxes its values
public final class Counters<E extends Enum<E>> {
    private static final VarHandle VALUE = MethodHandles.arrayElementVarHandle(long[].class);

    private final Class<E> type;
    private final long[] values;

    public Counters(Class<E> type) {
        this.type = type;
        values = new long[type.getEnumConstants().length];
    }

    public void increment(E counter) {
        add(counter, 1);
    }

    public void add(E counter, long amount) {
        int index = counter.ordinal();
        VALUE.setOpaque(values, index, values[index] + amount);
    }

    /** For an enum of what goes up and down. */
    public void set(E counter, long value) {
        VALUE.setOpaque(values, counter.ordinal(), value);
    }

    public long value(E counter) {
        return (long) VALUE.getOpaque(values, counter.ordinal());
    }

    /** Adds every counter to {@code sums}, so that the threads of a process can be summed up. */
    public void addTo(Map<E, Long> sums) {
        for (E counter : type.getEnumConstants()) {
            sums.merge(counter, value(counter), Long::sum);
        }
    }

    /** The sums over several threads, every constant present. */
    public static <E extends Enum<E>> Map<E, Long> sum(Class<E> type, Iterable<Counters<E>> all) {
        Map<E, Long> sums = new EnumMap<>(type);
        for (E counter : type.getEnumConstants()) {
            sums.put(counter, 0L);
        }
        all.forEach(counters -> counters.addTo(sums));
        return sums;
    }
}
