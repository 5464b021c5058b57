package io.penstock.ecmp.sysctl;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.SysctlConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** What a configuration wants held of the kernel's settings. */
public final class WantedSysctls {
    private WantedSysctls() {}

    /** Each setting where there is something of its family that it is for. */
    public static Map<String, String> of(EcmpConfig config) {
        SysctlConfig values = config.sysctls();
        Map<String, String> wanted = new LinkedHashMap<>();
        if (config.vips().values().stream().anyMatch(vip -> vip.address().isIpv4())) {
            want(wanted, "net.ipv4.conf.all.arp_ignore", values.arpIgnore());
            want(wanted, "net.ipv4.conf.all.arp_announce", values.arpAnnounce());
            want(wanted, "net.ipv4.conf.all.rp_filter", values.rpFilter());
        }
        if (config.routes().values().stream().anyMatch(route -> route.prefix().isIpv4())) {
            want(wanted, "net.ipv4.fib_multipath_hash_policy", values.multipathHash());
        }
        if (config.routes().values().stream().anyMatch(route -> !route.prefix().isIpv4())) {
            want(wanted, "net.ipv6.fib_multipath_hash_policy", values.multipathHash());
        }
        return wanted;
    }

    private static void want(Map<String, String> wanted, String key, OptionalInt value) {
        value.ifPresent(number -> wanted.put(key, Integer.toString(number)));
    }
}
