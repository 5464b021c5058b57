package io.penstock.vrrp.track;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminCredentials;
import io.penstock.net.IpAddress;
import io.penstock.serving.ForwarderQuestion;
import io.penstock.vrrp.config.AnnounceConfig;
import io.penstock.vrrp.config.ProcessConfig;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.TrackConfig;
import io.penstock.vrrp.config.VipConfig;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.protocol.ChecksumForm;
import io.penstock.vrrp.protocol.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Routers of which only what they track matters. */
final class TrackedRouter {
    static final IpAddress VIP = IpAddress.parse("192.0.2.10").orElseThrow();

    private TrackedRouter() {}

    static RouterConfig of(String name, int priority, TrackConfig... tracks) {
        return new RouterConfig(
                name,
                "eth0",
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
                Optional.empty(),
                Optional.empty(),
                List.of(new VipConfig(VIP, 24, "eth0", true)),
                RouterConfig.DEFAULT_LEASE,
                AnnounceConfig.DEFAULT,
                RouterConfig.OnRemoval.RESTORE,
                true,
                List.of(tracks));
    }

    static VrrpConfig config(RouterConfig... routers) {
        Map<String, RouterConfig> byName = new LinkedHashMap<>();
        for (RouterConfig router : routers) {
            byName.put(router.name(), router);
        }
        return new VrrpConfig(
                Path.of("vrrp-agent.yaml"),
                ProcessConfig.DEFAULT,
                VrrpConfig.DEFAULT_PROTOCOL,
                byName,
                Map.of(),
                List.of());
    }

    /** Asked every 100 ms for at most 200 ms, twice to rise and three times to fall: 600 ms and 900 ms. */
    static TrackConfig.Forwarder forwarder(String name, OptionalInt weight) {
        AdminAddress server = new AdminAddress.Unix(Path.of("/run/penstock/admin.sock"));
        Duration interval = Duration.ofMillis(100);
        Duration timeout = Duration.ofMillis(200);
        return new TrackConfig.Forwarder(
                name, weight, new ForwarderQuestion(server, AdminCredentials.NONE, interval, timeout, 2, 3), VIP);
    }
}
