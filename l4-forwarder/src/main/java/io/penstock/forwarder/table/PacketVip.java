package io.penstock.forwarder.table;

import io.penstock.net.IpAddress;

/**
 * Where packets of a service come to.
 *
 * @param address of one host
 * @param firstPort 1 to 65535, or {@link #ANY_PORT} with the last one
 * @param lastPort the same or more
 */
public record PacketVip(IpAddress address, int firstPort, int lastPort) {
    public static final int ANY_PORT = 0;

    /** Every port of the address, but for those that other services have. */
    public static PacketVip anyPort(IpAddress address) {
        return new PacketVip(address, ANY_PORT, ANY_PORT);
    }

    public boolean isAnyPort() {
        return firstPort == ANY_PORT;
    }
}
