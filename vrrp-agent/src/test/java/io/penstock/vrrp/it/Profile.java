package io.penstock.vrrp.it;

import io.penstock.vrrp.it.Port.Family;
import java.time.Duration;

/** How both of a pair speak. */
enum Profile {
    V3("VRRPv3", 3, Family.IPV4, false, false),
    V2("VRRPv2", 2, Family.IPV4, false, false),
    V3_IPV6("VRRPv3 over IPv6", 3, Family.IPV6, false, false),
    UNICAST("VRRPv3, unicast", 3, Family.IPV4, true, false),
    VIRTUAL_MAC("VRRPv3 with the virtual MAC", 3, Family.IPV4, false, true);

    static final int VRID = 51;

    private static final Duration TENTH = Duration.ofMillis(100);

    private final String label;
    private final int version;
    private final Family family;
    private final boolean unicast;
    private final boolean virtualMac;

    Profile(String label, int version, Family family, boolean unicast, boolean virtualMac) {
        this.label = label;
        this.version = version;
        this.family = family;
        this.unicast = unicast;
        this.virtualMac = virtualMac;
    }

    int version() {
        return version;
    }

    Family family() {
        return family;
    }

    boolean isUnicast() {
        return unicast;
    }

    boolean hasVirtualMac() {
        return virtualMac;
    }

    /** As short as may be: version 2 counts in seconds. */
    Duration interval() {
        return version == 2 ? Duration.ofSeconds(1) : TENTH;
    }

    /** The longest that a backup of low priority waits: four intervals (RFC 9568 section 6.1); a second more in version 2. */
    Duration activeDownMax() {
        return interval().multipliedBy(4);
    }

    @Override
    public String toString() {
        return label;
    }
}
