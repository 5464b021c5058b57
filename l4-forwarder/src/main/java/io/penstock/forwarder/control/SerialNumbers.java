package io.penstock.forwarder.control;

import io.penstock.forwarder.table.SourceAffinity;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Numbers the members of a pool, each by the same number as long as it is one. The number of a member that is gone is used
 * again as late as can be: until then nobody inherits the sources that are remembered to belong to it.
 */
final class SerialNumbers {
    private static final int COUNT = SourceAffinity.MAX_SERIAL + 1;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final BitSet taken = new BitSet();
    private int next;

    /** 0 to {@link SourceAffinity#MAX_SERIAL}; when all are taken, the last is shared, and sources with it a backend. */
    int of(String id) {
        Integer number = numbers.get(id);
        return number == null ? take(id) : number;
    }

    private int take(String id) {
        int free = taken.nextClearBit(next);
        int number = free < COUNT ? free : Math.min(taken.nextClearBit(0), SourceAffinity.MAX_SERIAL);
        taken.set(number);
        next = (number + 1) % COUNT;
        numbers.put(id, number);
        return number;
    }

    /** All others are gone. */
    void retain(Set<String> ids) {
        numbers.entrySet().removeIf(entry -> {
            boolean gone = !ids.contains(entry.getKey());
            if (gone) {
                taken.clear(entry.getValue());
            }
            return gone;
        });
    }
}
