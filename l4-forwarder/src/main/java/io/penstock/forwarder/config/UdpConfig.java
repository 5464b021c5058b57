package io.penstock.forwarder.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a service treats its datagrams. See ip(7), ipv6(7), udp(7) and socket(7).
 *
 * @param responses after how many replies to each of its datagrams a session ends, 1 to {@link #MAX_RESPONSES}; empty for
 *     when it is idle
 * @param rehome how long a session stays with a backend that is down; empty for ever
 * @param dontFragment of what is sent, to both sides
 * @param receiveBufferBytes of each listener's socket
 * @param sendBufferBytes as the former
 * @param interfaceName through which clients come; empty for any
 * @param transparent whether the addresses may be other hosts'
 */
public record UdpConfig(
        Mode mode,
        OptionalInt responses,
        Optional<Duration> rehome,
        DontFragment dontFragment,
        int receiveBufferBytes,
        int sendBufferBytes,
        Optional<String> interfaceName,
        boolean transparent) {
    /** What is answered by more is a stream, and ends when it is idle. */
    public static final int MAX_RESPONSES = 1000;

    /** The backend is known to be gone, and a session has nothing to lose that it has not lost with it. */
    public static final Duration DEFAULT_REHOME = Duration.ZERO;

    /** 40 ms of a gigabit in full-sized datagrams, what a busy worker may be late by; see also net.core.rmem_max. */
    public static final int DEFAULT_BUFFER_BYTES = 4 << 20;

    /** Room for one datagram of any size. */
    public static final int MIN_BUFFER_BYTES = 64 << 10;

    /** The kernel doubles it, in an int. */
    public static final int MAX_BUFFER_BYTES = 1 << 30;

    public static final UdpConfig DEFAULT = new UdpConfig(
            Mode.SESSIONS,
            OptionalInt.empty(),
            Optional.of(DEFAULT_REHOME),
            DontFragment.AUTO,
            DEFAULT_BUFFER_BYTES,
            DEFAULT_BUFFER_BYTES,
            Optional.empty(),
            false);

    /** What is balanced. */
    public enum Mode {
        /** All datagrams that come from one client's address and port go to one backend. */
        SESSIONS,
        /** Each datagram by itself. */
        PER_PACKET
    }

    /** Whether datagrams may go in fragments. */
    public enum DontFragment {
        /** As the kernel does by itself: by what is known of the path. */
        AUTO,
        /** Too large a datagram is dropped, here or on its way. */
        ALWAYS,
        /** Here and by routers. */
        NEVER
    }
}
