package io.penstock.net;

/** Prefixes of any address: the bits behind the length are cleared. */
final class Prefixes {
    private Prefixes() {}

    static IpPrefix of(long high, long low, int bits) {
        return new IpPrefix(new IpAddress(high & IpPrefix.highMask(bits), low & IpPrefix.lowMask(bits)), bits);
    }

    static IpPrefix ofIpv4(int address, int bits) {
        IpAddress mapped = IpAddress.ofIpv4(address);
        return of(mapped.high(), mapped.low(), 96 + bits);
    }
}
