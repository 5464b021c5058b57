package io.penstock.bgp.handover;

import io.penstock.bgp.config.AttributesConfig;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.BgpConfig.OnStop;
import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.config.ProcessConfig;
import io.penstock.bgp.config.ThenConfig;
import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.config.VipHealth;
import io.penstock.bgp.route.PathAttributes.Origin;
import io.penstock.net.IpPrefix;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Of two VIPs, web and other; somebody is told of the first. */
final class HandOverConfigs {
    private static final AttributesConfig PLAIN = new AttributesConfig(
            Origin.IGP, OptionalLong.empty(), OptionalLong.empty(), 0, Set.of(), Set.of(), Set.of());

    private HandOverConfigs() {}

    static BgpConfig of(Path directory, Optional<ThenConfig> then) {
        return new BgpConfig(
                directory.resolve("agent.yaml"),
                ProcessConfig.DEFAULT,
                new DaemonConfig(
                        new DaemonConfig.Address.Tcp("127.0.0.1", 50_051),
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
                OnStop.WITHDRAW,
                directory,
                Map.of("web", vip("web", then), "other", vip("other", Optional.empty())));
    }

    private static VipConfig vip(String name, Optional<ThenConfig> then) {
        return new VipConfig(
                name,
                IpPrefix.parse("192.0.2.10/32").orElseThrow(),
                Optional.empty(),
                false,
                Optional.empty(),
                new VipHealth.None(),
                Optional.empty(),
                PLAIN,
                PLAIN,
                PLAIN,
                VipConfig.DEFAULT_DRAIN_WAIT,
                then);
    }
}
