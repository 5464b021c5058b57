package io.penstock.forwarder.udp;

import io.penstock.forwarder.table.Backend;

/**
 * One session on its way from a process to the next. Between its pause and its adoption nobody reads its socket: what
 * arrives waits in the kernel.
 *
 * @param listener the listening socket that its client's datagrams come through: its descriptor in the process that has the
 *     session, its place among those that were handed over on the way
 * @param fd its own socket, connected to its backend
 * @param backend by what other processes know it too
 */
public record HandedSession(int listener, int fd, Addresses addresses, Backend.Key backend, Progress progress) {
    /** Of the client, and what it speaks to; the halves are those of an IpAddress. */
    public record Addresses(
            long clientHigh,
            long clientLow,
            int clientPort,
            int clientScope,
            long localHigh,
            long localLow,
            int localPort) {}

    /**
     * How far it has come.
     *
     * @param stage 0 while there was no reply, 1 when there was one, 2 when the client spoke after it
     * @param perPacket whether its client may have sessions with other backends too
     * @param repliesDue of a service that knows how many each datagram has
     * @param ageNs since it was opened
     * @param idleNs since its last datagram, either way
     */
    public record Progress(
            int stage,
            boolean perPacket,
            long repliesDue,
            long ageNs,
            long idleNs,
            long bytesToBackend,
            long bytesToClient,
            long datagramsToBackend,
            long datagramsToClient) {
        public static final int MAX_STAGE = 2;
    }

    /** The same, of another listener and another descriptor: as another process knows them. */
    public HandedSession as(int otherListener, int otherFd) {
        return new HandedSession(otherListener, otherFd, addresses, backend, progress);
    }
}
