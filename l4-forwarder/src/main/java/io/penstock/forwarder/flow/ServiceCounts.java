package io.penstock.forwarder.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one worker counts of each service, by the service's index, which is of one protocol for ever. Written by the worker
 * only, read by any thread.
 */
@SuppressWarnings("EnumOrdinal") // an array index is the point: EnumMap boxes its values
public final class ServiceCounts {
    private static final int MAX_REASONS = 32;

    private static final int ACCEPTED = 0;
    private static final int OPEN = 1;
    private static final int BYTES = 2;
    private static final int ENDED = BYTES + 4;
    private static final int WORDS = ENDED + MAX_REASONS;

    /** Another, longer one when a service comes that has no place in it. */
    private volatile AtomicLongArray counts = new AtomicLongArray(8 * WORDS);

    /** What logs and metrics call these reasons, by ordinal. There is room for 32. */
    public static List<String> names(Enum<?>... reasons) {
        if (reasons.length > MAX_REASONS) {
            throw new IllegalArgumentException(reasons.length + " reasons");
        }
        List<String> names = new ArrayList<>();
        for (Enum<?> reason : reasons) {
            names.add(reason.name().toLowerCase(Locale.ROOT));
        }
        return List.copyOf(names);
    }

    public void onAccepted(int service) {
        ensureRoom(service);
        add(WORDS * service + ACCEPTED, 1);
    }

    /** Also of one that was accepted in another process. */
    public void onOpened(int service) {
        ensureRoom(service);
        add(WORDS * service + OPEN, 1);
    }

    /** One that was opened. */
    public void onClosed(int service, Enum<?> reason) {
        add(WORDS * service + OPEN, -1);
        onRefused(service, reason);
    }

    /** One that was accepted and never opened. */
    public void onRefused(int service, Enum<?> reason) {
        add(WORDS * service + ENDED + reason.ordinal(), 1);
    }

    /** Payload since the last time: of those to each side, those that were copied and those that were spliced. */
    public void onBytes(int service, long copiedTo, long splicedTo, long copiedFrom, long splicedFrom) {
        int index = WORDS * service + BYTES;
        add(index, copiedTo);
        add(index + 1, splicedTo);
        add(index + 2, copiedFrom);
        add(index + 3, splicedFrom);
    }

    private void add(int index, long change) {
        if (change != 0) {
            counts.lazySet(index, counts.get(index) + change);
        }
    }

    private void ensureRoom(int service) {
        if (WORDS * service < counts.length()) {
            return;
        }
        AtomicLongArray longer = new AtomicLongArray(2 * WORDS * (service + 1));
        for (int i = 0; i < counts.length(); i++) {
            longer.set(i, counts.get(i));
        }
        counts = longer;
    }

    /** Clients that were taken since the start. */
    public long accepted(int service) {
        return value(WORDS * service + ACCEPTED);
    }

    /** Connections or sessions that are open now. */
    public long open(int service) {
        return value(WORDS * service + OPEN);
    }

    /** Those that ended for the protocol's reason of this ordinal. */
    public long ended(int service, int reason) {
        return value(WORDS * service + ENDED + reason);
    }

    /** Payload for backends. */
    public long bytesToBackends(int service, boolean spliced) {
        return value(WORDS * service + BYTES + (spliced ? 1 : 0));
    }

    /** Payload for clients. */
    public long bytesToClients(int service, boolean spliced) {
        return value(WORDS * service + BYTES + (spliced ? 3 : 2));
    }

    private long value(int index) {
        AtomicLongArray current = counts;
        return index < current.length() ? current.get(index) : 0;
    }
}
