package io.penstock.forwarder.udp;

import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.Service;
import io.penstock.linux.ReceiveBatch;
import io.penstock.linux.Syscalls;

/**
 * What a listener has received in one call, sorted by session: each session's datagrams are chained in their order and sent
 * together. Those of clients without a session are copied into the newcomers' queue. One worker's own.
 */
final class ClientBatch {
    static final int CAPACITY = 64;

    private static final int END = -1;

    private final UdpForwarder udp;
    private final Syscalls syscalls;
    private final ReceiveBatch batch = new ReceiveBatch(CAPACITY, ReceiveBatch.MAX_BYTES);
    private final BackendSends sends;
    private final int[] next = new int[CAPACITY];
    private final Session[] touched = new Session[CAPACITY];

    ClientBatch(UdpForwarder udp, Syscalls syscalls, BackendSends sends) {
        this.udp = udp;
        this.syscalls = syscalls;
        this.sends = sends;
    }

    /** Receives and forwards. How many messages came, fewer than {@link #CAPACITY} when they were all, or {@code -errno}. */
    int forward(UdpListener listener) {
        int count = batch.receive(syscalls, listener.fd(), 0, CAPACITY);
        if (count > 0) {
            int sessions = sort(listener, count);
            for (int i = 0; i < sessions; i++) {
                forward(touched[i]);
                touched[i] = null;
            }
        }
        return count;
    }

    /** Of a message that the kernel has put together from datagrams of this length; 0 for a single one. */
    static int datagrams(int length, int segmentBytes) {
        return segmentBytes > 0 && length > segmentBytes ? (length + segmentBytes - 1) / segmentBytes : 1;
    }

    private int sort(UdpListener listener, int count) {
        Service service = udp.service(listener.serviceIndex());
        boolean perPacket = listener.options().perPacket();
        SessionIndex index = udp.sessions().index();
        int datagrams = 0;
        int sessions = 0;
        for (int i = 0; i < count; i++) {
            int segmentBytes = batch.segmentBytes(i);
            int length = batch.length(i);
            int together = datagrams(length, segmentBytes);
            datagrams += together;
            if (together > 1) {
                udp.counters().increment(UdpCounter.GROUPS_RECEIVED);
            }
            if (batch.isTruncated(i)) {
                udp.counters().increment(UdpCounter.TRUNCATED);
                continue;
            }
            long clientHigh = batch.sourceHigh(i);
            long clientLow = batch.sourceLow(i);
            int clientPort = batch.sourcePort(i);
            boolean anyAddress = listener.hasAnyAddress() && batch.hasDestination(i);
            long localHigh = anyAddress ? batch.destinationHigh(i) : listener.addressHigh();
            long localLow = anyAddress ? batch.destinationLow(i) : listener.addressLow();
            int extra = listener.key(batch.sourceScope(i));
            if (perPacket) {
                Backend backend = udp.pick(service, clientHigh, clientLow);
                extra = backend == null ? extra : UdpListener.key(backend.load());
            }
            long hash = index.hash(clientHigh, clientLow, clientPort, localHigh, localLow, listener.port(), extra);
            int slot = index.find(hash, clientHigh, clientLow, clientPort, localHigh, localLow, listener.port(), extra);
            if (slot == SessionIndex.NONE) {
                udp.newcomers()
                        .offer(
                                batch.address(i),
                                length,
                                segmentBytes,
                                clientHigh,
                                clientLow,
                                clientPort,
                                batch.sourceScope(i),
                                localHigh,
                                localLow,
                                listener,
                                batch.trafficClass(i),
                                hash);
                continue;
            }
            Session session = udp.sessions().at(slot);
            int before = session.chain(i);
            next[i] = END;
            if (before == END) {
                touched[sessions++] = session;
            } else {
                next[before] = i;
            }
        }
        udp.counters().add(UdpCounter.DATAGRAMS_FROM_CLIENTS, datagrams);
        return sessions;
    }

    private void forward(Session session) {
        int first = session.takeChain();
        udp.moveIfLost(session);
        sends.begin(session);
        for (int i = first; i != END; i = next[i]) {
            sends.add(batch.address(i), batch.length(i), batch.segmentBytes(i), batch.trafficClass(i));
        }
        sends.send();
    }
}
