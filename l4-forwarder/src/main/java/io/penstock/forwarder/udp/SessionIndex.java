package io.penstock.forwarder.udp;

import io.penstock.net.FlowHash;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Finds a session's slot by what its client's datagrams have in common: open addressing with linear probing over words of
 * a hash and a slot, so that a look-up mostly reads one cache line of the table and the key of the slot it then returns.
 * Holds the keys, by slot, for whoever wants to know a session's addresses. Removal moves followers back instead of
 * leaving tombstones: a table that has seen a flood is as fast as a new one. The hash is keyed, with a key that nothing
 * else uses: nobody can send what collides. NOT thread safe.
 *
 * <pre>
 *   table   63        32 31       0        keys   clientHigh | clientLow | localHigh | localLow |
 *           hash         slot + 1                 clientPort 63..48, localPort 47..32, extra 31..0
 * </pre>
 *
 * <p>A session costs 40 octets of keys and 16 to 32 of table, which is a quarter to half full. Both double when they must,
 * and allocate then only; they never shrink.
 */
final class SessionIndex {
    static final int NONE = -1;

    private static final int UDP = 17;
    private static final int MIN_SESSIONS = 16;
    private static final int WORDS_PER_KEY = 5;
    private static final int PORTS_AND_EXTRA = 4;

    /** 2^32 over the golden ratio: neighbouring numbers are far from each other. */
    private static final long SPREAD = 0x9e3779b9L;

    private final FlowHash flowHash;
    private final long hashBits;
    private long[] table;
    private long[] keys;
    private int size;

    /** @param sessions how many there is room for at first, in slots from 0 */
    SessionIndex(int sessions) {
        this(randomKey(), -1L, sessions);
    }

    /** @param hashBits of the hash that count, for tests: with few of them keys collide */
    SessionIndex(FlowHash flowHash, long hashBits, int sessions) {
        this.flowHash = flowHash;
        this.hashBits = hashBits;
        int room = Math.max(sessions, MIN_SESSIONS);
        table = new long[Integer.highestOneBit(room * 2 - 1) * 2];
        keys = new long[room * WORDS_PER_KEY];
    }

    private static FlowHash randomKey() {
        SecureRandom random = new SecureRandom();
        return new FlowHash(random.nextLong(), random.nextLong());
    }

    /** Sessions in it. */
    int size() {
        return size;
    }

    /**
     * What {@link #find} and {@link #put} want to be given, so that a newcomer's is computed once.
     *
     * @param extra what tells sessions of the same addresses apart, 0 if nothing does: the backend's number, for instance
     */
    long hash(
            long clientHigh, long clientLow, int clientPort, long localHigh, long localLow, int localPort, int extra) {
        // Nobody outside chooses the extra number, so it needn't go through the keyed function.
        long hash = flowHash.ofFlow(clientHigh, clientLow, clientPort, localHigh, localLow, localPort, UDP);
        return (hash + extra * SPREAD) & hashBits;
    }

    /**
     * The slot of the session with exactly this key, or {@link #NONE}. Addresses are the halves of {@link
     * io.penstock.net.IpAddress}.
     *
     * @param hash of the same key
     */
    int find(
            long hash,
            long clientHigh,
            long clientLow,
            int clientPort,
            long localHigh,
            long localLow,
            int localPort,
            int extra) {
        long portsAndExtra = portsAndExtra(clientPort, localPort, extra);
        int mask = table.length - 1;
        for (int at = (int) hash & mask; table[at] != 0; at = (at + 1) & mask) {
            long entry = table[at];
            if (hash(entry) == (int) hash) {
                int key = slot(entry) * WORDS_PER_KEY;
                if (keys[key + PORTS_AND_EXTRA] == portsAndExtra
                        && keys[key + 1] == clientLow
                        && keys[key] == clientHigh
                        && keys[key + 3] == localLow
                        && keys[key + 2] == localHigh) {
                    return slot(entry);
                }
            }
        }
        return NONE;
    }

    /**
     * Adds a session whose key and slot are not there yet.
     *
     * @param slot 0 or more, and not far above the others: arrays reach as far
     * @param hash of the same key
     */
    void put(
            int slot,
            long hash,
            long clientHigh,
            long clientLow,
            int clientPort,
            long localHigh,
            long localLow,
            int localPort,
            int extra) {
        ensureRoom(slot);
        int key = slot * WORDS_PER_KEY;
        keys[key] = clientHigh;
        keys[key + 1] = clientLow;
        keys[key + 2] = localHigh;
        keys[key + 3] = localLow;
        keys[key + PORTS_AND_EXTRA] = portsAndExtra(clientPort, localPort, extra);
        insert((hash << 32) | (slot + 1));
        size++;
    }

    /** Takes out a session that is there. Its addresses can be read until the slot is used again. */
    void remove(int slot) {
        long hash = hash(
                clientHigh(slot),
                clientLow(slot),
                clientPort(slot),
                localHigh(slot),
                localLow(slot),
                localPort(slot),
                extra(slot));
        long entry = (hash << 32) | (slot + 1);
        int mask = table.length - 1;
        int at = (int) hash & mask;
        while (table[at] != entry) {
            if (table[at] == 0) {
                throw new IllegalStateException("slot " + slot + " holds no session");
            }
            at = (at + 1) & mask;
        }
        close(at);
        size--;
    }

    /** Moves back whoever would not be found any more across an empty place. */
    private void close(int at) {
        int mask = table.length - 1;
        int hole = at;
        for (int next = (hole + 1) & mask; table[next] != 0; next = (next + 1) & mask) {
            int home = hash(table[next]) & mask;
            if (((next - home) & mask) >= ((next - hole) & mask)) {
                table[hole] = table[next];
                hole = next;
            }
        }
        table[hole] = 0;
    }

    private void insert(long entry) {
        int mask = table.length - 1;
        int at = hash(entry) & mask;
        while (table[at] != 0) {
            at = (at + 1) & mask;
        }
        table[at] = entry;
    }

    private void ensureRoom(int slot) {
        if (slot * WORDS_PER_KEY >= keys.length) {
            keys = Arrays.copyOf(keys, Math.max(slot + 1, 2 * (keys.length / WORDS_PER_KEY)) * WORDS_PER_KEY);
        }
        if (2 * (size + 1) > table.length) {
            long[] old = table;
            table = new long[2 * old.length];
            for (long entry : old) {
                if (entry != 0) {
                    insert(entry);
                }
            }
        }
    }

    long clientHigh(int slot) {
        return keys[slot * WORDS_PER_KEY];
    }

    long clientLow(int slot) {
        return keys[slot * WORDS_PER_KEY + 1];
    }

    int clientPort(int slot) {
        return (int) (keys[slot * WORDS_PER_KEY + PORTS_AND_EXTRA] >>> 48);
    }

    long localHigh(int slot) {
        return keys[slot * WORDS_PER_KEY + 2];
    }

    long localLow(int slot) {
        return keys[slot * WORDS_PER_KEY + 3];
    }

    int localPort(int slot) {
        return (int) (keys[slot * WORDS_PER_KEY + PORTS_AND_EXTRA] >>> 32) & 0xffff;
    }

    int extra(int slot) {
        return (int) keys[slot * WORDS_PER_KEY + PORTS_AND_EXTRA];
    }

    private static long portsAndExtra(int clientPort, int localPort, int extra) {
        return ((long) clientPort << 48) | ((long) localPort << 32) | (extra & 0xffffffffL);
    }

    private static int hash(long entry) {
        return (int) (entry >>> 32);
    }

    private static int slot(long entry) {
        return (int) entry - 1;
    }
}
