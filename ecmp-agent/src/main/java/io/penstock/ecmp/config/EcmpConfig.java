package io.penstock.ecmp.config;

import io.penstock.config.OwnershipMark;
import io.penstock.net.IpPrefix;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What ecmp-agent.yaml says. A host has VIPs, a router has routes; one machine may be both.
 *
 * @param process what concerns the process as a whole; looked at once, at the start
 * @param protocol what marks the agent's own addresses, routes and nexthop objects; never another's is touched
 * @param nextHopIds the first id of its nexthop objects
 * @param stateDirectory where it keeps what it has to put back, across its own death
 * @param vips by name, in the order of the file
 * @param routes by name, in the order of the file
 */
public record EcmpConfig(
        Path file,
        ProcessConfig process,
        int protocol,
        int nextHopIds,
        Path stateDirectory,
        SysctlConfig sysctls,
        Map<String, VipConfig> vips,
        Map<String, RouteConfig> routes) {
    /** Free in iproute2's rt_protos and in Linux' rtnetlink.h. */
    public static final int DEFAULT_PROTOCOL = OwnershipMark.ECMP_AGENT;

    /** Where those of FRR, which counts from 1, and of people do not reach. */
    public static final int DEFAULT_NEXT_HOP_IDS = 210_000;

    public static final Path DEFAULT_STATE_DIRECTORY = Path.of("/run/penstock");

    public EcmpConfig {
        vips = Collections.unmodifiableMap(new LinkedHashMap<>(vips));
        routes = Collections.unmodifiableMap(new LinkedHashMap<>(routes));
    }

    /** Of a process without an admin API. */
    public EcmpConfig(
            Path file,
            int protocol,
            int nextHopIds,
            Path stateDirectory,
            SysctlConfig sysctls,
            Map<String, VipConfig> vips,
            Map<String, RouteConfig> routes) {
        this(file, ProcessConfig.DEFAULT, protocol, nextHopIds, stateDirectory, sysctls, vips, routes);
    }

    /** The bits of a prefix in its family's own count. */
    public static int familyBits(IpPrefix prefix) {
        return prefix.isIpv4() ? prefix.bits() - 96 : prefix.bits();
    }
}
