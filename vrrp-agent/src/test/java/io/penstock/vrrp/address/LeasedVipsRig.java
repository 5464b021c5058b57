package io.penstock.vrrp.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Sysctls;
import io.penstock.vrrp.address.VipEvent.Kind;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.VrrpConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** VIPs of a kernel and on a wire that are both made up, with a clock that is set. */
abstract class LeasedVipsRig {
    static final String MAC = "02:00:00:00:00:01";
    static final String V4 = "192.0.2.10";
    static final String V6 = "2001:db8::10";
    static final RouterConfig WEB = Routers.router("web", "eth0", V4 + "/24", "192.0.2.11/24");
    static final RouterConfig SIX = Routers.router("six", "eth0", V6 + "/64");

    final FakeKernel kernel = new FakeKernel();
    final FakeWire wire = new FakeWire();

    @TempDir
    Path sysctls;

    LeasedVips vips;
    long nowNs = Duration.ofHours(1).toNanos();

    @BeforeEach
    void start() {
        kernel.link(2, "eth0", true, MAC);
        vips = new LeasedVips(kernel, LinkSettings.NONE, new Announcer(wire, new Sysctls(sysctls)));
        pass(Duration.ZERO);
    }

    void configure(RouterConfig... routers) throws IOException {
        VrrpConfig config = Routers.config(routers);
        assertEquals(List.of(), vips.configure(config, nowNs));
    }

    void hold(String router) {
        assertEquals(List.of(), vips.hold(router, nowNs));
    }

    void release(String router) {
        assertEquals(List.of(), vips.release(router, nowNs));
    }

    void pass(Duration time) {
        nowNs += time.toNanos();
        kernel.nowNs = nowNs;
    }

    /** As the agent does: at each deadline, and nothing is late. */
    void runFor(Duration time) {
        long endNs = nowNs + time.toNanos();
        while (vips.deadlineNs() <= endNs) {
            nowNs = Math.max(nowNs, vips.deadlineNs());
            kernel.nowNs = nowNs;
            assertEquals(List.of(), vips.onDeadline(nowNs));
        }
        nowNs = endNs;
        kernel.nowNs = nowNs;
    }

    long nextRefresh() {
        assertTrue(vips.deadlineNs() <= nowNs + Routers.LEASE.toNanos() / 3);
        return vips.deadlineNs();
    }

    static List<Kind> kinds(List<VipEvent> events) {
        return events.stream().map(VipEvent::kind).toList();
    }

    static InterfaceAddress address(String text, int prefixBits, int protocol, long validSeconds) {
        return new InterfaceAddress(2, ip(text), prefixBits, 0, 0, protocol, validSeconds);
    }

    static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
