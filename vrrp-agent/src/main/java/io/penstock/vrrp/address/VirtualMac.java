package io.penstock.vrrp.address;

import io.penstock.vrrp.config.RouterConfig;
import java.util.Optional;

/**
 * The interface that has the virtual MAC address of a router (RFC 9568 section 7.3).
 *
 * @param lowerName the interface that it is on
 * @param hardwareAddress six octets as hexadecimal numbers with colons
 */
record VirtualMac(String name, String lowerName, String hardwareAddress, boolean isIpv4) {
    private static final String IPV4_PREFIX = "00:00:5e:00:01:";
    private static final String IPV6_PREFIX = "00:00:5e:00:02:";
    private static final int HEX = 16;

    static Optional<VirtualMac> of(RouterConfig router) {
        int vrid = router.vrid();
        String last = "" + Character.forDigit(vrid / HEX, HEX) + Character.forDigit(vrid % HEX, HEX);
        String address = (router.isIpv4() ? IPV4_PREFIX : IPV6_PREFIX) + last;
        return router.virtualMac()
                .map(mac -> new VirtualMac(mac.interfaceName(), router.interfaceName(), address, router.isIpv4()));
    }
}
