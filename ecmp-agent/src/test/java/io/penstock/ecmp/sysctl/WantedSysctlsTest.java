package io.penstock.ecmp.sysctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.LegConfig;
import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.config.RouteConfig.WhenEmpty;
import io.penstock.ecmp.config.SysctlConfig;
import io.penstock.ecmp.config.VipConfig;
import io.penstock.ecmp.config.VipConfig.OnRemoval;
import io.penstock.ecmp.config.VipHealth;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WantedSysctlsTest {
    @Test
    void shouldWantOnlyWhatThereIsSomethingFor() {
        VipConfig four = vip("192.0.2.10");
        VipConfig six = vip("2001:db8::10");
        LegConfig leg =
                new LegConfig("f1", IpAddress.parse("10.0.1.11").orElseThrow(), Optional.empty(), 1, Optional.empty());
        RouteConfig route = new RouteConfig(
                "web",
                IpPrefix.parse("192.0.2.10/32").orElseThrow(),
                Optional.empty(),
                254,
                0,
                WhenEmpty.KEEP,
                List.of(leg));

        assertEquals(Map.of(), WantedSysctls.of(config(Map.of("six", six), Map.of())));
        assertEquals(
                Map.of(
                        "net.ipv4.conf.all.arp_ignore",
                        "1",
                        "net.ipv4.conf.all.rp_filter",
                        "2",
                        "net.ipv4.conf.all.arp_announce",
                        "2"),
                WantedSysctls.of(config(Map.of("four", four, "six", six), Map.of())));
        assertEquals(
                Map.of("net.ipv4.fib_multipath_hash_policy", "1"),
                WantedSysctls.of(config(Map.of(), Map.of("web", route))));
    }

    private static VipConfig vip(String address) {
        return new VipConfig(
                address,
                IpAddress.parse(address).orElseThrow(),
                VipConfig.DEFAULT_INTERFACE,
                VipConfig.DEFAULT_LEASE,
                new VipHealth.None(),
                VipConfig.DEFAULT_ANNOUNCEMENT,
                VipConfig.DEFAULT_DRAIN,
                OnRemoval.RESTORE);
    }

    private static EcmpConfig config(Map<String, VipConfig> vips, Map<String, RouteConfig> routes) {
        return new EcmpConfig(
                Path.of("ecmp-agent.yaml"),
                EcmpConfig.DEFAULT_PROTOCOL,
                EcmpConfig.DEFAULT_NEXT_HOP_IDS,
                EcmpConfig.DEFAULT_STATE_DIRECTORY,
                SysctlConfig.DEFAULT,
                vips,
                routes);
    }
}
