package io.penstock.forwarder.table;

/**
 * How a pool's backends are connected to.
 *
 * @param source the addresses of this host that connections come from
 * @param header what is said of the client before its bytes
 */
public record Outgoing(SourceAddresses source, ProxyHeader header) {
    /** As the kernel chooses, and without a word of the client. */
    public static final Outgoing PLAIN = new Outgoing(SourceAddresses.KERNELS_CHOICE, ProxyHeader.NONE);
}
