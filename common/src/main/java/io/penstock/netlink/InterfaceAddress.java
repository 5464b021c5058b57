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

    /** IPv4: not the first of its network on this interface. */
    public static final int IFA_F_SECONDARY = 0x01;

    /** IPv6: somebody else was found to have it. */
    public static final int IFA_F_DADFAILED = 0x08;

    /** IPv6: it is being asked whether anybody else has it. */
    public static final int IFA_F_TENTATIVE = 0x40;

    /** IPv6: usable at once, without asking whether anybody else has it. */
    public static final int IFA_F_NODAD = 0x02;

    /** Set by the kernel where the lifetime is {@link #FOREVER}; in a request it does not count. */
    public static final int IFA_F_PERMANENT = 0x80;
}
