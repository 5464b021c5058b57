package io.penstock.vrrp.wire;

import io.penstock.net.IpAddress;

/** The addresses seen last, so that a packet of a known neighbour makes no object. */
final class AddressCache {
    /** A power of two, and more than there are routers on a link. */
    private static final int SIZE = 64;

    /** 2 to the 64th over the golden ratio: spreads numbers that differ in few bits (Knuth, volume 3, section 6.4). */
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

    private static final int SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SIZE);

    private final IpAddress[] seen = new IpAddress[SIZE];

    IpAddress ofIpv4(int address) {
        return of(IpAddress.ANY_IPV4.high(), IpAddress.ANY_IPV4.low() | Integer.toUnsignedLong(address));
    }

    IpAddress of(long high, long low) {
        int slot = (int) (((high ^ low) * SPREAD) >>> SHIFT);
        IpAddress address = seen[slot];
        if (address == null || address.high() != high || address.low() != low) {
            address = new IpAddress(high, low);
            seen[slot] = address;
        }
        return address;
    }
}
