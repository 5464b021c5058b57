package io.penstock.netlink;

import io.penstock.net.IpAddress;
import java.util.Optional;

/**
 * What the kernel knows of a machine on the same network (ARP, neighbour discovery).
 *
 * @param linkIndex the interface that it is behind
 * @param hardwareAddress as six octets in hexadecimal; empty while nobody answered
 * @param state NUD_* of linux/neighbour.h, see ip-neighbour(8)
 */
public record Neighbour(int linkIndex, IpAddress address, Optional<String> hardwareAddress, int state) {
    /** It answered a moment ago. */
    public static final int NUD_REACHABLE = 0x02;

    /** It did not answer when it was asked. */
    public static final int NUD_FAILED = 0x20;

    /** For addresses that need no neighbour: loopback, multicast. */
    public static final int NUD_NOARP = 0x40;

    /** Set by an administrator. */
    public static final int NUD_PERMANENT = 0x80;

    /** Whether the kernel never asks for it. */
    public boolean isFixed() {
        return (state & (NUD_PERMANENT | NUD_NOARP)) != 0;
    }
}
