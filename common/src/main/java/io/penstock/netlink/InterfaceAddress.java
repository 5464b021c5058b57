package io.penstock.netlink;

import io.penstock.net.IpAddress;

/**
 * An address of an interface.
 *
 * @param linkIndex the interface
 * @param prefixBits of its network, in the family's own count: 0 to 32, or to 128
 * @param flags IFA_F_* of linux/if_addr.h
 * @param scope RT_SCOPE_* of linux/rtnetlink.h
 * @param protocol who put it there (IFA_PROTO, from Linux 5.18 on): 0 nobody said, 1 to 3 the kernel
 * @param validSeconds until the kernel removes it; {@link #FOREVER}
 */
public record InterfaceAddress(
        int linkIndex, IpAddress address, int prefixBits, int flags, int scope, int protocol, long validSeconds) {
    /** INFINITY_LIFE_TIME of net/addrconf.h. */
    public static final long FOREVER = 0xffff_ffffL;
}
