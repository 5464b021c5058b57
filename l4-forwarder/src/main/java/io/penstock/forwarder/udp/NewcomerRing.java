package io.penstock.forwarder.udp;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Datagrams of clients without a session, copied, in the order they came: a bounded queue of records in one block of memory.
 * A record lies in one piece, so that its payload can be sent from where it is; one that doesn't fit before the end of the
 * block starts at its beginning, and what remains at the end is unused until the queue has come around. NOT thread safe.
 *
 * <p>A client that gets its session has all of its datagrams taken out, from the midst of the queue too: those that come
 * after go through the session at once, and must not overtake. For that the hashes of all stand beside each other, which
 * looks through thousands in a few microseconds.
 *
 * <pre>
 *    0  client's address      32  client's port       48  listener's slot
 *   16  local address         36  client's scope      52  traffic class
 *                             40  local port          56  octets of payload
 *                             44  segment's octets    64  payload, padded to a multiple of 8
 * </pre>
 */
final class NewcomerRing {
    /** The largest datagram, and the most that UDP_GRO makes of several. */
    static final int MAX_PAYLOAD = 65_535;

    private static final int CLIENT_HIGH = 0;
    private static final int CLIENT_LOW = 8;
    private static final int LOCAL_HIGH = 16;
    private static final int LOCAL_LOW = 24;
    private static final int CLIENT_PORT = 32;
    private static final int CLIENT_SCOPE = 36;
    private static final int LOCAL_PORT = 40;
    private static final int SEGMENT_BYTES = 44;
    private static final int LISTENER_SLOT = 48;
    private static final int TRAFFIC_CLASS = 52;
    private static final int LENGTH = 56;
    private static final int PAYLOAD = 64;

    /** The least that a ring may have: one datagram of any size. */
    static final int MIN_CAPACITY_BYTES = PAYLOAD + MAX_PAYLOAD + 1;

    private static final int TAKEN = -1;

    private final UnsafeBuffer memory;
    private final int maxDatagrams;

    // By the number of the datagram, of which only the last bits count.
    private final long[] hashes;
    private final int[] records;
    private final int mask;
    private int oldest;
    private int current;

    /** Of the current datagram. */
    private int record;
    /** Of the oldest record. */
    private int head;
    /** Where the next record would be. */
    private int tail;
    /** Where the records end that lie before a wrap; all of the memory while nothing has wrapped. */
    private int end;

    private boolean wrapped;
    private int size;

    /**
     * @param capacityBytes of records with their 64 octets of header, at least {@link #MIN_CAPACITY_BYTES}
     * @param maxDatagrams at least 1
     */
    NewcomerRing(int capacityBytes, int maxDatagrams) {
        if (capacityBytes < MIN_CAPACITY_BYTES) {
            throw new IllegalArgumentException("no room for the largest datagram in " + capacityBytes);
        }
        int capacity = capacityBytes & -Long.BYTES;
        memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(capacity, Long.BYTES));
        end = capacity;
        this.maxDatagrams = maxDatagrams;
        hashes = new long[BitUtil.findNextPositivePowerOfTwo(maxDatagrams)];
        records = new int[hashes.length];
        mask = hashes.length - 1;
    }

    /** Datagrams in it. */
    int size() {
        return size;
    }

    /**
     * Copies a datagram to the end of the queue, or does nothing and returns false when there is no room for it. Addresses
     * are the halves of {@link io.penstock.net.IpAddress}.
     *
     * @param address of the payload, off-heap
     * @param length of the payload, 0 to {@link #MAX_PAYLOAD}
     * @param segmentBytes the length of each datagram of which the payload is made, as UDP_GRO gave it; 0 if it is one
     * @param clientScope the interface of a link-local address, else 0
     * @param listenerSlot whose socket it came from
     * @param trafficClass TOS or IPv6 traffic class
     * @param hash the same for all datagrams of a session
     */
    boolean offer(
            long address,
            int length,
            int segmentBytes,
            long clientHigh,
            long clientLow,
            int clientPort,
            int clientScope,
            long localHigh,
            long localLow,
            int localPort,
            int listenerSlot,
            int trafficClass,
            long hash) {
        int bytes = recordBytes(length);
        if (size == maxDatagrams || !tryMakeRoom(bytes)) {
            return false;
        }
        int place = (oldest + size) & mask;
        hashes[place] = hash;
        records[place] = tail;
        if (size == 0) {
            record = tail;
        }
        memory.putLong(tail + CLIENT_HIGH, clientHigh);
        memory.putLong(tail + CLIENT_LOW, clientLow);
        memory.putLong(tail + LOCAL_HIGH, localHigh);
        memory.putLong(tail + LOCAL_LOW, localLow);
        memory.putInt(tail + CLIENT_PORT, clientPort);
        memory.putInt(tail + CLIENT_SCOPE, clientScope);
        memory.putInt(tail + LOCAL_PORT, localPort);
        memory.putInt(tail + SEGMENT_BYTES, segmentBytes);
        memory.putInt(tail + LISTENER_SLOT, listenerSlot);
        memory.putInt(tail + TRAFFIC_CLASS, trafficClass);
        memory.putInt(tail + LENGTH, length);
        UnsafeApi.copyMemory(null, address, null, memory.addressOffset() + tail + PAYLOAD, length);
        tail += bytes;
        size++;
        return true;
    }

    /** Forgets the oldest datagram, and those behind it that were taken; there must be one. The oldest is current then. */
    void remove() {
        do {
            removeOldest();
        } while (size > 0 && records[oldest & mask] == TAKEN);
        current = oldest;
        record = size == 0 ? 0 : records[oldest & mask];
    }

    private void removeOldest() {
        head += recordBytes(memory.getInt(head + LENGTH));
        oldest++;
        size--;
        if (size == 0) {
            // From the beginning: the memory that is used stays small and in the caches.
            head = 0;
            tail = 0;
            unwrap();
        } else if (wrapped && head == end) {
            head = 0;
            unwrap();
        }
    }

    /** Makes the next datagram with the hash of the current one current, and taken; false when there is none. */
    boolean tryTakeNext() {
        long hash = hashes[current & mask];
        int end = oldest + size;
        for (int next = current + 1; next != end; next++) {
            if (hashes[next & mask] == hash && records[next & mask] != TAKEN) {
                current = next;
                record = records[next & mask];
                records[next & mask] = TAKEN;
                return true;
            }
        }
        return false;
    }

    /** Forgets all. */
    void clear() {
        while (size > 0) {
            remove();
        }
    }

    /** Of the current datagram, as all that follows; what is there stays until {@link #remove}. */
    long payloadAddress() {
        return memory.addressOffset() + record + PAYLOAD;
    }

    int length() {
        return memory.getInt(record + LENGTH);
    }

    int segmentBytes() {
        return memory.getInt(record + SEGMENT_BYTES);
    }

    long clientHigh() {
        return memory.getLong(record + CLIENT_HIGH);
    }

    long clientLow() {
        return memory.getLong(record + CLIENT_LOW);
    }

    int clientPort() {
        return memory.getInt(record + CLIENT_PORT);
    }

    int clientScope() {
        return memory.getInt(record + CLIENT_SCOPE);
    }

    long localHigh() {
        return memory.getLong(record + LOCAL_HIGH);
    }

    long localLow() {
        return memory.getLong(record + LOCAL_LOW);
    }

    int localPort() {
        return memory.getInt(record + LOCAL_PORT);
    }

    int listenerSlot() {
        return memory.getInt(record + LISTENER_SLOT);
    }

    long hash() {
        return hashes[current & mask];
    }

    int trafficClass() {
        return memory.getInt(record + TRAFFIC_CLASS);
    }

    /** Wraps if that is what it takes. */
    private boolean tryMakeRoom(int bytes) {
        if (wrapped) {
            return bytes <= head - tail;
        }
        if (bytes <= end - tail) {
            return true;
        }
        if (bytes > head) {
            return false;
        }
        end = tail;
        tail = 0;
        wrapped = true;
        return true;
    }

    private void unwrap() {
        end = memory.capacity();
        wrapped = false;
    }

    private static int recordBytes(int length) {
        return PAYLOAD + ((length + Long.BYTES - 1) & -Long.BYTES);
    }
}
