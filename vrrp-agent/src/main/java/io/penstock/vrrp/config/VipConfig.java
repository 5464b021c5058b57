package io.penstock.vrrp.config;

import io.penstock.net.IpAddress;

/**
 * An address that the active router has.
 *
 * @param prefixBits of its network, in its family's own count
 * @param interfaceName which has it; unless it says otherwise, that of the router's virtual MAC address, else the router's
 * @param advertised whether it is in the advertisements; both sides must have the same ones there
 */
public record VipConfig(IpAddress address, int prefixBits, String interfaceName, boolean advertised) {
    /** The link-local address that RFC 4291 appendix A makes of the virtual MAC address, 00:00:5e:00:02:VRID. */
    public static IpAddress linkLocal(int vrid) {
        return new IpAddress(0xfe80_0000_0000_0000L, 0x0200_5eff_fe00_0200L | vrid);
    }
}
