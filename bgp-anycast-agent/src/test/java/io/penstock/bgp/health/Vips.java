package io.penstock.bgp.health;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminCredentials;
import io.penstock.bgp.config.AttributesConfig;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.config.ProcessConfig;
import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.config.VipHealth;
import io.penstock.bgp.config.VipHealth.Service;
import io.penstock.bgp.config.VipHealth.Services;
import io.penstock.bgp.route.PathAttributes.Origin;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.serving.ForwarderQuestion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** VIPs to be watched, and configurations of them. */
final class Vips {
    static final Duration OFTEN = Duration.ofMillis(10);
    static final Duration LONG = Duration.ofSeconds(20);
    static final int RISE = 2;
    static final int FALL = 3;

    private static final AttributesConfig PLAIN = new AttributesConfig(
            Origin.IGP, OptionalLong.empty(), OptionalLong.empty(), 0, Set.of(), Set.of(), Set.of());

    private Vips() {}

    static VipConfig vip(String name, String address, boolean presence, VipHealth health) {
        IpAddress parsed = address(address);
        return new VipConfig(
                name,
                IpPrefix.parse(address + (parsed.isIpv4() ? "/32" : "/128")).orElseThrow(),
                Optional.of(parsed),
                presence,
                Optional.empty(),
                health,
                Optional.empty(),
                PLAIN,
                PLAIN,
                PLAIN,
                VipConfig.DEFAULT_DRAIN_WAIT,
                Optional.empty());
    }

    static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    static VipHealth by(Service service) {
        return new Services(Map.of("health", service), 1);
    }

    static VipHealth by(int atLeast, Map<String, Service> services) {
        return new Services(services, atLeast);
    }

    static Service asks(Path socket, String address) {
        return asks(socket, address, OFTEN);
    }

    static Service asks(Path socket, String address, Duration interval) {
        return new VipHealth.Forwarder(
                new ForwarderQuestion(new AdminAddress.Unix(socket), AdminCredentials.NONE, interval, LONG, RISE, FALL),
                address(address));
    }

    static BgpConfig config(VipConfig... vips) {
        Map<String, VipConfig> byName = new LinkedHashMap<>();
        for (VipConfig vip : vips) {
            byName.put(vip.name(), vip);
        }
        return new BgpConfig(
                Path.of("bgp-anycast-agent.yaml"),
                ProcessConfig.DEFAULT,
                new DaemonConfig(
                        new DaemonConfig.Address.Tcp("127.0.0.1", 50051),
                        Optional.empty(),
                        DaemonConfig.DEFAULT_TIMEOUT,
                        DaemonConfig.DEFAULT_RESYNC),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                BgpConfig.DEFAULT_MAX_PATHS,
                false,
                Optional.empty(),
                BgpConfig.OnStop.WITHDRAW,
                BgpConfig.DEFAULT_STATE_DIRECTORY,
                byName);
    }
}
