package io.penstock.vrrp.address;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.config.AnnounceConfig;
import io.penstock.vrrp.config.ProcessConfig;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.RouterConfig.OnRemoval;
import io.penstock.vrrp.config.VipConfig;
import io.penstock.vrrp.config.VirtualMacConfig;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.protocol.ChecksumForm;
import io.penstock.vrrp.protocol.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Configurations of routers, as far as their VIPs go. */
final class Routers {
    static final int OURS = VrrpConfig.DEFAULT_PROTOCOL;
    static final AnnounceConfig ANNOUNCE = new AnnounceConfig(2, Duration.ofSeconds(5), Duration.ofMinutes(1));
    static final Duration LEASE = Duration.ofSeconds(3);

    private Routers() {}

    static VrrpConfig config(RouterConfig... routers) {
        Map<String, RouterConfig> byName = new LinkedHashMap<>();
        for (RouterConfig router : routers) {
            byName.put(router.name(), router);
        }
        return new VrrpConfig(Path.of("vrrp-agent.yaml"), ProcessConfig.DEFAULT, OURS, byName, Map.of(), List.of());
    }

    /** @param vips as {@code 192.0.2.10/24} */
    static RouterConfig router(String name, String interfaceName, String... vips) {
        return router(name, interfaceName, OnRemoval.RESTORE, Optional.empty(), vips);
    }

    static RouterConfig owner(String name, String interfaceName, String... vips) {
        return router(name, interfaceName, RouterConfig.OWNER_PRIORITY, OnRemoval.RESTORE, Optional.empty(), vips);
    }

    static RouterConfig router(
            String name,
            String interfaceName,
            OnRemoval onRemoval,
            Optional<VirtualMacConfig> virtualMac,
            String... vips) {
        return router(name, interfaceName, RouterConfig.DEFAULT_PRIORITY, onRemoval, virtualMac, vips);
    }

    private static RouterConfig router(
            String name,
            String interfaceName,
            int priority,
            OnRemoval onRemoval,
            Optional<VirtualMacConfig> virtualMac,
            String... vips) {
        return new RouterConfig(
                name,
                interfaceName,
                51,
                Version.V3,
                priority,
                RouterConfig.DEFAULT_INTERVAL,
                true,
                Duration.ZERO,
                true,
                ChecksumForm.RFC5798,
                Optional.empty(),
                Optional.empty(),
                virtualMac,
                Optional.empty(),
                List.of(vips).stream().map(vip -> vip(interfaceName, vip)).toList(),
                LEASE,
                ANNOUNCE,
                onRemoval,
                true,
                List.of());
    }

    private static VipConfig vip(String interfaceName, String text) {
        String[] parts = text.split("/", -1);
        IpAddress address = IpAddress.parse(parts[0]).orElseThrow();
        return new VipConfig(address, Integer.parseInt(parts[1]), interfaceName, true);
    }
}
