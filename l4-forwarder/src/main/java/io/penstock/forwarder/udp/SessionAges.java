package io.penstock.forwarder.udp;

import java.util.Arrays;

/**
 * Which session yields when there is no room for a newcomer: sessions by what is known of their clients, and in each stage
 * by age. Three doubly linked rings through two arrays, each closed by a node of its own, so that nothing here depends on
 * how many there are. NOT thread safe.
 *
 * <p>A session costs 9 octets.
 */
@SuppressWarnings("EnumOrdinal") // an index of rings and counts
final class SessionAges {
    enum Stage {
        /** No reply yet: its client's address may be invented. */
        ONE_WAY,
        /** A reply went out, and nothing came after it: the address may still be invented. */
        ANSWERED,
        /** The client spoke after a reply. */
        ESTABLISHED
    }

    static final int NONE = -1;

    private static final Stage[] STAGES = Stage.values();
    private static final int MIN_SLOTS = 64;
    private static final byte ABSENT = -1;

    /** Of nodes: first those that close the rings, then the slots. After the closing one comes the oldest. */
    private int[] links;

    private byte[] stages;
    private final int[] counts = new int[STAGES.length];

    /** @param slots how many there is room for at first */
    SessionAges(int slots) {
        int room = Math.max(slots, MIN_SLOTS);
        stages = new byte[room];
        Arrays.fill(stages, ABSENT);
        links = new int[2 * (STAGES.length + room)];
        for (int ring = 0; ring < STAGES.length; ring++) {
            links[next(ring)] = ring;
            links[previous(ring)] = ring;
        }
    }

    /** A new session: the youngest that is {@link Stage#ONE_WAY}. */
    void add(int slot) {
        ensureRoom(slot);
        append(slot, Stage.ONE_WAY);
    }

    /** Makes a session that is there the youngest of a stage, of its own too. */
    void move(int slot, Stage stage) {
        remove(slot);
        append(slot, stage);
    }

    /** Of a session that is there. */
    void remove(int slot) {
        int node = node(slot);
        int before = links[previous(node)];
        int after = links[next(node)];
        links[next(before)] = after;
        links[previous(after)] = before;
        counts[stages[slot]]--;
        stages[slot] = ABSENT;
    }

    /** The slot that has been in this stage longest without moving, or {@link #NONE}. */
    int oldest(Stage stage) {
        int ring = stage.ordinal();
        int first = links[next(ring)];
        return first == ring ? NONE : first - STAGES.length;
    }

    /** The slot that comes after this one in its stage, being younger there, or {@link #NONE}. */
    int younger(int slot) {
        int next = links[next(node(slot))];
        return next < STAGES.length ? NONE : next - STAGES.length;
    }

    int count(Stage stage) {
        return counts[stage.ordinal()];
    }

    /** Of a session that is there. */
    Stage stage(int slot) {
        return STAGES[stages[slot]];
    }

    private void append(int slot, Stage stage) {
        int ring = stage.ordinal();
        int node = node(slot);
        int last = links[previous(ring)];
        links[next(last)] = node;
        links[previous(node)] = last;
        links[next(node)] = ring;
        links[previous(ring)] = node;
        stages[slot] = (byte) ring;
        counts[ring]++;
    }

    private void ensureRoom(int slot) {
        int room = stages.length;
        if (slot >= room) {
            int wanted = Math.max(slot + 1, 2 * room);
            stages = Arrays.copyOf(stages, wanted);
            Arrays.fill(stages, room, wanted, ABSENT);
            links = Arrays.copyOf(links, 2 * (STAGES.length + wanted));
        }
    }

    private static int node(int slot) {
        return STAGES.length + slot;
    }

    private static int next(int node) {
        return 2 * node;
    }

    private static int previous(int node) {
        return 2 * node + 1;
    }
}
