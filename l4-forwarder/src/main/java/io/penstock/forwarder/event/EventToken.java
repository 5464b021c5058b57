package io.penstock.forwarder.event;

/**
 * The 64 bits that travel with an fd's registration and come back with each of its events.
 *
 * <pre>
 * | generation 32 | slot 24 | kind 8 |
 * </pre>
 *
 * A slot and an fd are used again as soon as they are free, while events of the previous user may still stand in the
 * batch that epoll_wait returned. The generation of a slot grows with each use, so such an event is recognised.
 */
public final class EventToken {
    public static final int MAX_SLOTS = 1 << 24;

    private static final int SLOT_SHIFT = 8;
    private static final int GENERATION_SHIFT = 32;
    private static final int KIND_MASK = 0xff;
    private static final int SLOT_MASK = MAX_SLOTS - 1;

    private EventToken() {}

    /**
     * Packs one token.
     *
     * @param slot 0 to {@link #MAX_SLOTS} - 1
     * @param kind 0 to 255
     */
    public static long of(int generation, int slot, int kind) {
        return ((long) generation << GENERATION_SHIFT) | ((long) slot << SLOT_SHIFT) | kind;
    }

    public static int generation(long token) {
        return (int) (token >>> GENERATION_SHIFT);
    }

    public static int slot(long token) {
        return (int) (token >>> SLOT_SHIFT) & SLOT_MASK;
    }

    public static int kind(long token) {
        return (int) token & KIND_MASK;
    }
}
