package io.penstock.forwarder.xdp;

import io.penstock.net.IpAddress;

/**
 * What the program finds by an address.
 *
 * @param port 0 for any, and for all that {@code ranges} says
 * @param protocol 0 when this says no more than that the address is served
 * @param service of a single port, and of any; 0 with ranges
 * @param firstRange of {@code ranges} of them, counted from the beginning of a half
 */
record VipEntry(IpAddress address, int port, int protocol, int service, int firstRange, int ranges) {
    /**
     * The slot where the search begins, as the program computes it from the address and what of the key lies behind it in memory.
     */
    int firstSlot(long seed) {
        long x = Long.reverseBytes(address.high()) * 0x9e3779b97f4a7c15L + Long.reverseBytes(address.low());
        long swapped = Short.toUnsignedLong(Short.reverseBytes((short) port));
        x ^= (swapped | ((long) protocol << Short.SIZE)) ^ seed;
        x *= 0xff51afd7ed558ccdL;
        x ^= x >>> 32;
        x *= 0xc4ceb9fe1a85ec53L;
        return (int) (x >>> 49);
    }
}
