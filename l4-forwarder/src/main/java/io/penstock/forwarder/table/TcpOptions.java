package io.penstock.forwarder.table;

/**
 * What a service asks the kernel for its TCP sockets; 0 leaves an option as the kernel has it. See tcp(7).
 *
 * @param deferAcceptS how long a client that says nothing is kept from being accepted
 * @param keepAliveIdleS silence before the first probe; 0 for no probes at all
 * @param keepAliveIntervalS between probes
 * @param keepAliveProbes without an answer before the connection ends
 * @param userTimeoutMs how long data may wait for its acknowledgement or for room in the peer's window
 * @param fastOpenQueue how many clients whose SYN brought data may be in their handshake at one listener
 * @param backlog how many clients may wait to be accepted at one listener; never 0
 */
public record TcpOptions(
        int deferAcceptS,
        int keepAliveIdleS,
        int keepAliveIntervalS,
        int keepAliveProbes,
        int userTimeoutMs,
        int fastOpenQueue,
        int backlog) {
    /** The kernel lowers it to net.core.somaxconn. */
    public static final int MAX_BACKLOG = 65_535;

    public static final TcpOptions KERNEL_DEFAULTS = new TcpOptions(0, 0, 0, 0, 0, 0, MAX_BACKLOG);
}
