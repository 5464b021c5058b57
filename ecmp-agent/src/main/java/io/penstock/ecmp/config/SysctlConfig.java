package io.penstock.ecmp.config;

import java.util.OptionalInt;

/**
 * Kernel settings that the agent holds while it runs and puts back when it ends; empty to leave one alone.
 *
 * @param arpIgnore net.ipv4.conf.all.arp_ignore, when there are VIPs of IPv4: 1 answers ARP for addresses of the receiving interface only
 * @param arpAnnounce net.ipv4.conf.all.arp_announce, likewise: 2 never names a VIP as the sender
 * @param rpFilter net.ipv4.conf.all.rp_filter, likewise: 2 takes packets from sources that another interface leads to
 * @param multipathHash net.ipv4.fib_multipath_hash_policy, or IPv6's, where there are such routes: 1 for addresses and ports
 */
public record SysctlConfig(
        OptionalInt arpIgnore, OptionalInt arpAnnounce, OptionalInt rpFilter, OptionalInt multipathHash) {
    public static final SysctlConfig DEFAULT =
            new SysctlConfig(OptionalInt.of(1), OptionalInt.of(2), OptionalInt.of(2), OptionalInt.of(1));
}
