package io.penstock.vrrp.control;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.config.AnnounceConfig;
import io.penstock.vrrp.config.GroupConfig;
import io.penstock.vrrp.config.ProcessConfig;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.RouterConfig.OnRemoval;
import io.penstock.vrrp.config.TrackConfig;
import io.penstock.vrrp.config.UnicastConfig;
import io.penstock.vrrp.config.VipConfig;
import io.penstock.vrrp.config.VirtualMacConfig;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.protocol.ChecksumForm;
import io.penstock.vrrp.protocol.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A router to begin with, and what a test wants otherwise of it. */
final class Samples {
    static final int MARK = 211;
    static final Duration INTERVAL = Duration.ofMillis(100);

    String name = "web";
    String interfaceName = "eth0";
    int vrid = 51;
    int priority = 100;
    Duration interval = INTERVAL;
    boolean preempt = true;
    Optional<IpAddress> source = Optional.empty();
    Optional<UnicastConfig> unicast = Optional.empty();
    List<String> vips = List.of("192.0.2.10");
    boolean stepDownWhenLate = true;
    List<TrackConfig> tracks = List.of();
    Optional<String> vipInterfaceName = Optional.empty();
    Optional<VirtualMacConfig> virtualMac = Optional.empty();

    static Samples router(String name) {
        Samples sample = new Samples();
        sample.name = name;
        return sample;
    }

    static Samples router(String name, int vrid) {
        Samples sample = router(name);
        sample.vrid = vrid;
        sample.vips = List.of("192.0.2." + vrid);
        return sample;
    }

    static IpAddress ip(String literal) {
        return IpAddress.parse(literal).orElseThrow();
    }

    Samples priority(int other) {
        priority = other;
        return this;
    }

    RouterConfig config() {
        List<VipConfig> all = new ArrayList<>();
        String on = vipInterfaceName.orElse(interfaceName);
        vips.forEach(vip -> all.add(new VipConfig(ip(vip), ip(vip).isIpv4() ? 24 : 64, on, true)));
        return new RouterConfig(
                name,
                interfaceName,
                vrid,
                Version.V3,
                priority,
                interval,
                preempt,
                Duration.ZERO,
                true,
                ChecksumForm.RFC5798,
                source,
                unicast,
                virtualMac,
                Optional.empty(),
                all,
                RouterConfig.DEFAULT_LEASE,
                AnnounceConfig.DEFAULT,
                OnRemoval.RESTORE,
                stepDownWhenLate,
                tracks);
    }

    static VrrpConfig of(Samples... routers) {
        return of(Map.of(), routers);
    }

    static VrrpConfig of(Map<String, List<String>> groups, Samples... routers) {
        Map<String, RouterConfig> all = new LinkedHashMap<>();
        for (Samples router : routers) {
            all.put(router.name, router.config());
        }
        Map<String, GroupConfig> grouped = new LinkedHashMap<>();
        groups.forEach((name, members) -> grouped.put(name, new GroupConfig(name, members)));
        return new VrrpConfig(Path.of("vrrp-agent.yaml"), ProcessConfig.DEFAULT, MARK, all, grouped, List.of());
    }
}
