package io.penstock.forwarder.table;

/**
 * How a service treats its datagrams.
 *
 * @param perPacket whether each datagram is balanced by itself, instead of all that come from one client's address and port
 * @param responses after how many replies to each of its datagrams a session ends; {@link #ANY} for when it is idle
 * @param idleNs without a datagram in either direction
 * @param rehomeNs how long a session stays with a backend that is down; {@link Timeouts#NONE} for ever
 * @param fragmentation of what is sent, to both sides
 * @param receiveBufferBytes of each listener's socket, and of a session's that carries much; 0 as the kernel has it
 * @param sendBufferBytes as the former
 */
public record UdpOptions(
        boolean perPacket,
        int responses,
        long idleNs,
        long rehomeNs,
        Fragmentation fragmentation,
        int receiveBufferBytes,
        int sendBufferBytes) {
    public static final int ANY = 0;

    private static final int DEFAULT_BUFFER_BYTES = 4 << 20;
    private static final long MINUTE_NS = 60_000_000_000L;

    public static final UdpOptions DEFAULT =
            new UdpOptions(false, ANY, MINUTE_NS, 0, Fragmentation.AUTO, DEFAULT_BUFFER_BYTES, DEFAULT_BUFFER_BYTES);

    /** See IP_MTU_DISCOVER in ip(7). */
    public enum Fragmentation {
        /** As the kernel does by itself: by what is known of the path. */
        AUTO,
        /** Too large a datagram is dropped, here or on its way. */
        NEVER,
        /** Whatever is too large for the interface goes in fragments, and so may routers do. */
        ALLOWED
    }
}
