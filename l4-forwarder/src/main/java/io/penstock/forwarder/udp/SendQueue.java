package io.penstock.forwarder.udp;

import io.penstock.linux.Errno;
import io.penstock.linux.SendBatch;
import io.penstock.linux.Syscalls;
import java.util.Arrays;

/**
 * Datagrams on their way out of one socket, in order. Neighbours of one session become one message that the kernel cuts
 * (UDP_SEGMENT): all of the same length, but the last, which may be shorter. Payloads stay where they are, and must until
 * they are sent. One worker's own.
 */
final class SendQueue {
    /** What is different towards clients and towards backends. */
    interface Side {
        /** Instead of a socket: the message is dropped. */
        int DROP = -1;

        /** Says where a message goes and from where, as far as the socket does not know, and its traffic class. */
        void address(SendBatch batch, int message, Session session, int trafficClass);

        /** Up to which length datagrams of this session can be sent as one message. */
        int cutLimit(Session session);

        /** The kernel does not cut messages of longer ones. */
        void onCutRefused(Session session, int longestBytes);

        /** Sending a message failed, once: the socket to try it with again, or {@link #DROP}. */
        int retry(Session session, int fd, int errno);

        void onSent(Session session, int datagrams, long bytes);

        void onDropped(Session session, int datagrams, int errno);
    }

    /** With all headers less than 64 KiB, beyond which the kernel cuts before the device is reached. */
    private static final int MAX_BYTES = 65_000;

    private final Syscalls syscalls;
    private final Side side;
    private final SendBatch batch;
    private final SendBatch singles = new SendBatch(SendBatch.MAX_SEGMENTS, 1);

    // What each entry was given as.
    private final long[] addresses;
    private final int[] lengths;
    private int entries;

    // Of each message; its entries are those from its first up to the next one's first.
    private final int[] firstEntry;
    private final Session[] sessions;
    private final int[] datagramBytes;
    private final int[] datagrams;
    private final int[] trafficClasses;
    private final boolean[] uncut;
    private int messages;

    /** Whether the last message is not complete yet, and whether it may take more. */
    private boolean open;

    private boolean growing;
    private boolean anyUncut;

    /** @param capacity entries */
    SendQueue(Syscalls syscalls, int capacity, Side side) {
        this.syscalls = syscalls;
        this.side = side;
        batch = new SendBatch(capacity, SendBatch.MAX_SEGMENTS);
        addresses = new long[capacity];
        lengths = new int[capacity];
        firstEntry = new int[capacity + 1];
        sessions = new Session[capacity];
        datagramBytes = new int[capacity];
        datagrams = new int[capacity];
        trafficClasses = new int[capacity];
        uncut = new boolean[capacity];
    }

    /**
     * One more entry, for which there must be room.
     *
     * @param segmentBytes how long each of its datagrams is, as UDP_GRO says; 0 for a single one
     * @return how many datagrams it is
     */
    int add(Session session, long address, int length, int segmentBytes, int trafficClass) {
        boolean several = segmentBytes > 0 && length > segmentBytes;
        int each = several ? segmentBytes : length;
        int count = several ? (length + segmentBytes - 1) / segmentBytes : 1;
        if (!growing || !fits(session, length, each, count, trafficClass)) {
            complete();
            begin(session, each, trafficClass);
        }
        int message = messages - 1;
        batch.part(message, address, length);
        datagrams[message] += count;
        growing = length > 0 && length == datagramBytes[message] * count;
        addresses[entries] = address;
        lengths[entries] = length;
        entries++;
        return count;
    }

    /** Whether the last message can take these: they are as long as its own, or it is one that is shorter. */
    private boolean fits(Session session, int length, int each, int count, int trafficClass) {
        int message = messages - 1;
        return sessions[message] == session
                && trafficClasses[message] == trafficClass
                && (each == datagramBytes[message] || (count == 1 && each > 0 && each < datagramBytes[message]))
                && datagrams[message] + count <= SendBatch.MAX_SEGMENTS
                && batch.length(message) + length <= MAX_BYTES;
    }

    private void begin(Session session, int each, int trafficClass) {
        int message = batch.add();
        side.address(batch, message, session, trafficClass);
        sessions[message] = session;
        datagramBytes[message] = each;
        datagrams[message] = 0;
        trafficClasses[message] = trafficClass;
        firstEntry[message] = entries;
        messages = message + 1;
        open = true;
    }

    private void complete() {
        if (open) {
            int message = messages - 1;
            uncut[message] = false;
            if (datagrams[message] > 1) {
                batch.segment(message, datagramBytes[message]);
                uncut[message] = datagramBytes[message] > side.cutLimit(sessions[message]);
                anyUncut |= uncut[message];
            }
            firstEntry[messages] = entries;
        }
        open = false;
        growing = false;
    }

    boolean isEmpty() {
        return messages == 0;
    }

    /** Sends all that can be sent; then it is empty. */
    void flush(int socket) {
        complete();
        int fd = socket;
        boolean retried = false;
        int at = 0;
        while (at < messages) {
            int count = cutable(at);
            int result = count == 0 ? -Errno.EMSGSIZE : batch.send(syscalls, fd, at, count);
            if (result > 0) {
                onSent(at, result);
                at += result;
                retried = false;
            } else if (count == 0 || (retried && isCutRefused(at, result))) {
                sendSingly(fd, at);
                at++;
                retried = false;
            } else {
                // Once more, since the error may be what an ICMP message has left on the socket.
                int next = retried ? Side.DROP : side.retry(sessions[at], fd, -result);
                retried = true;
                if (next == Side.DROP && isCutRefused(at, result)) {
                    continue;
                }
                if (next == Side.DROP) {
                    side.onDropped(sessions[at], datagrams[at], -result);
                    at++;
                    retried = false;
                } else {
                    fd = next;
                }
            }
        }
        clear();
    }

    /** How many messages from this one on go as they are. */
    private int cutable(int first) {
        if (!anyUncut) {
            return messages - first;
        }
        int end = first;
        while (end < messages && !uncut[end]) {
            end++;
        }
        return end - first;
    }

    private boolean isCutRefused(int message, int result) {
        return datagrams[message] > 1 && (result == -Errno.EINVAL || result == -Errno.EMSGSIZE || result == -Errno.EIO);
    }

    private void onSent(int first, int count) {
        for (int message = first; message < first + count; message++) {
            side.onSent(sessions[message], datagrams[message], batch.length(message));
        }
    }

    /** The kernel does not cut this message: each of its datagrams by itself, and so from now on. */
    private void sendSingly(int fd, int message) {
        if (!uncut[message]) {
            side.onCutRefused(sessions[message], datagramBytes[message] - 1);
        }
        for (int entry = firstEntry[message]; entry < firstEntry[message + 1]; entry++) {
            int each = datagramBytes[message];
            for (int from = 0; from < lengths[entry]; from += each) {
                if (singles.isFull()) {
                    sendSingles(fd, sessions[message]);
                }
                int single = singles.add();
                side.address(singles, single, sessions[message], trafficClasses[message]);
                singles.part(single, addresses[entry] + from, Math.min(each, lengths[entry] - from));
            }
        }
        sendSingles(fd, sessions[message]);
    }

    private void sendSingles(int fd, Session session) {
        int at = 0;
        while (at < singles.size()) {
            int result = singles.send(syscalls, fd, at);
            for (int single = at; single < at + result; single++) {
                side.onSent(session, 1, singles.length(single));
            }
            if (result < 0) {
                side.onDropped(session, 1, -result);
            }
            at += Math.max(result, 1);
        }
        singles.clear();
    }

    private void clear() {
        Arrays.fill(sessions, 0, messages, null);
        batch.clear();
        messages = 0;
        entries = 0;
        anyUncut = false;
    }
}
