package io.penstock.vrrp.control;

import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.VipConfig;
import java.util.List;
import java.util.Optional;

/**
 * Where a router's advertisements come from: the interface's first address that is not a VIP (RFC 9568 section 5.1.1.1), for IPv6 its
 * link-local one (section 5.1.2.1).
 *
 * @param address that may be used now
 * @param problem why there is none
 */
record SourceAddress(Optional<IpAddress> address, String problem) {
    /** Whether it may be used: others may have it as long as that is being asked, or it was found that they do. */
    private static final int UNUSABLE = InterfaceAddress.IFA_F_TENTATIVE | InterfaceAddress.IFA_F_DADFAILED;

    /**
     * Chooses.
     *
     * @param there addresses of its interface, in the kernel's order; for unicast from a named source, of any
     * @param mark of the agent's own addresses
     */
    static SourceAddress choose(RouterConfig router, List<InterfaceAddress> there, int mark) {
        boolean probing = false;
        for (InterfaceAddress one : there) {
            if (!isCandidate(router, one, mark)) {
                continue;
            }
            if ((one.flags() & UNUSABLE) == 0) {
                return new SourceAddress(Optional.of(one.address()), "");
            }
            probing = true;
        }
        String wanted = router.source().map(IpAddress::toString).orElse(kind(router));
        return none(
                probing
                        ? "the kernel still asks whether anybody else has " + wanted
                        : router.interfaceName() + " has no " + wanted);
    }

    private static SourceAddress none(String problem) {
        return new SourceAddress(Optional.empty(), problem);
    }

    private static String kind(RouterConfig router) {
        return router.isIpv4() ? "IPv4 address of its own" : "link-local IPv6 address";
    }

    private static boolean isCandidate(RouterConfig router, InterfaceAddress one, int mark) {
        IpAddress address = one.address();
        if (address.isIpv4() != router.isIpv4() || one.protocol() == mark) {
            return false;
        }
        if (router.source().isPresent()) {
            return address.equals(router.source().get());
        }
        if (!router.isIpv4()) {
            return isLinkLocal(address) && !isVip(router, address);
        }
        boolean primary = (one.flags() & InterfaceAddress.IFA_F_SECONDARY) == 0;
        return primary && (router.priority() == RouterConfig.OWNER_PRIORITY || !isVip(router, address));
    }

    private static boolean isVip(RouterConfig router, IpAddress address) {
        return router.vips().stream().map(VipConfig::address).anyMatch(address::equals);
    }

    /** fe80::/10. */
    private static boolean isLinkLocal(IpAddress address) {
        return address.high() >>> 54 == 0xfe80 >>> 6;
    }
}
