package io.penstock.ecmp.config;

import io.penstock.net.IpPrefix;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What ecmp-agent.yaml says. A host has VIPs, a router has routes; one machine may be both.
 *
 * @param protocol what marks the agent's own addresses, routes and nexthop objects; never another's is touched
 * @param nextHopIds the first id of its nexthop objects
 * @param stateDirectory where it keeps what it has to put back, across its own death
 */
public record EcmpConfig(
        Path file,
        int protocol,
        int nextHopIds,
        Path stateDirectory,
        SysctlConfig sysctls,
        Map<String, VipConfig> vips,
        Map<String, RouteConfig> routes) {
    /** Free in iproute2's rt_protos and in Linux' rtnetlink.h. */
    public static final int DEFAULT_PROTOCOL = 210;

    public static final int DEFAULT_NEXT_HOP_IDS = 210_000;
    public static final Path DEFAULT_STATE_DIRECTORY = Path.of("/run/penstock");

    public EcmpConfig {
        vips = new LinkedHashMap<>(vips);
        routes = new LinkedHashMap<>(routes);
    }

    /** The bits of a prefix in its family's own count. */
    public static int familyBits(IpPrefix prefix) {
        return prefix.isIpv4() ? prefix.bits() - 96 : prefix.bits();
    }
}
