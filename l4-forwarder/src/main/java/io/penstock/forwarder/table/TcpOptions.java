package io.penstock.forwarder.table;

/**
 * What a service asks the kernel for its TCP sockets; 0 leaves an option as the kernel has it. See tcp(7).
 *
 * @param deferAcceptS how long a client that says nothing is kept from being accepted
 * @param keepAliveIdleS silence before the first probe; 0 for no probes at all
 * @param keepAliveIntervalS between probes
 * @param keepAliveProbes without an answer before the connection ends
 * @param userTimeoutMs how long data may wait for its acknowledgement or for room in the peer's window
 */
public record TcpOptions(
        int deferAcceptS, int keepAliveIdleS, int keepAliveIntervalS, int keepAliveProbes, int userTimeoutMs) {
    public static final TcpOptions KERNEL_DEFAULTS = new TcpOptions(0, 0, 0, 0, 0);
}
