package io.penstock.vrrp.config;

import io.penstock.config.OwnershipMark;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What vrrp-agent.yaml says.
 *
 * @param process what concerns the process as a whole
 * @param protocol what marks the agent's own addresses (IFA_PROTO); never another's is touched
 * @param routers by name, in the order of the file
 * @param groups by name, in the order of the file; each router is in at most one
 * @param hooks commands that are told what happens, in the order of the file
 */
public record VrrpConfig(
        Path file,
        ProcessConfig process,
        int protocol,
        Map<String, RouterConfig> routers,
        Map<String, GroupConfig> groups,
        List<HookConfig> hooks) {
    /** Free in iproute2's rt_protos and in Linux' rtnetlink.h; the ecmp-agent's is 210. */
    public static final int DEFAULT_PROTOCOL = OwnershipMark.VRRP_AGENT;

    public VrrpConfig {
        routers = Collections.unmodifiableMap(new LinkedHashMap<>(routers));
        groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
        hooks = List.copyOf(hooks);
    }

    /** All that routers and VIPs are on, or would be if they were there. */
    public Set<String> interfaceNames() {
        Set<String> names = new HashSet<>();
        for (RouterConfig router : routers.values()) {
            names.add(router.interfaceName());
            router.virtualMac().ifPresent(mac -> names.add(mac.interfaceName()));
            router.vips().forEach(vip -> names.add(vip.interfaceName()));
        }
        return names;
    }
}
