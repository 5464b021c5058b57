package io.penstock.vrrp.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.BootClock;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.NetlinkSocket;
import io.penstock.testing.NetworkNamespace;
import io.penstock.vrrp.address.VipEvent.Kind;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.RouterConfig.OnRemoval;
import io.penstock.vrrp.config.VrrpConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of VIPs in a kernel, with nobody's help and against somebody's hand. */
@Timeout(60)
class LeasedVipsKernelTest {
    private static final String V4 = "192.0.2.10";
    private static final String V6 = "2001:db8::10";

    @TempDir
    private Path state;

    private final LinuxSyscalls syscalls = new LinuxSyscalls();
    private final BootClock clock = new BootClock(syscalls);
    private final FakeWire wire = new FakeWire();
    private NetworkNamespace network;
    private NetlinkSocket netlink;
    private LeasedVips vips;

    @BeforeEach
    void connect() throws Exception {
        network = NetworkNamespace.create();
        network.addCable("v1", "w1");
        network.ip("addr add 192.0.2.1/24 dev v1");
        netlink = network.call(() -> NetlinkSocket.open(syscalls));
        vips = open();
    }

    @AfterEach
    void close() {
        if (vips != null) {
            vips.close();
        }
        if (netlink != null) {
            netlink.close();
        }
        if (network != null) {
            network.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {V4 + "/24", V4 + "/32", V6 + "/64", "fe80::53/64"})
    void shouldRunOutByThemselvesWhenNobodyRefreshesThem(String vip) throws Exception {
        configure(Routers.router("web", "v1", vip));
        assertEquals(List.of(), vips.hold("web", now()));
        assertEquals(1, leases().size());

        NetworkNamespace.await("the end of the lease", () -> leases().isEmpty());

        NetworkNamespace.await(
                "a lapse that is told", () -> kinds(vips.look(now())).equals(List.of(Kind.LAPSED)));
        assertEquals(List.of(), leases());
    }

    @Test
    void shouldStayForAsLongAsTheyAreRefreshed() throws Exception {
        configure(Routers.router("web", "v1", V4 + "/24", "192.0.2.11/24"));
        assertEquals(List.of(), vips.hold("web", now()));
        long endNs = now() + Routers.LEASE.plusSeconds(1).toNanos();

        NetworkNamespace.await("more than a lease", () -> {
            assertEquals(List.of(), vips.deadlineNs() <= now() ? vips.onDeadline(now()) : List.of());
            assertEquals(2, leases().size());
            return now() > endNs;
        });
    }

    @Test
    void shouldPutTwentyBeforeTheFirstAnnouncementAndRemoveThem() throws Exception {
        String[] twenty = IntStream.rangeClosed(101, 120)
                .mapToObj(i -> "192.0.2." + i + "/24")
                .toArray(String[]::new);
        configure(Routers.router("web", "v1", twenty));
        List<Integer> presentWhenAnnounced = new ArrayList<>();
        wire.before = () -> presentWhenAnnounced.add(addresses().size());

        assertEquals(List.of(), vips.hold("web", now()));

        assertEquals(Set.of(20), Set.copyOf(presentWhenAnnounced));
        assertEquals(40, wire.announced.size());
        assertEquals(List.of(), vips.release("web", now()));
        assertEquals(List.of(), addresses());
    }

    /** That one had longer leases, so a refresh is seen by their being short. */
    @Test
    void shouldAdoptWhatAFormerRunLeft() throws Exception {
        RouterConfig router = Routers.router("web", "v1", V4 + "/24", V6 + "/64");
        configure(router);
        assertEquals(List.of(), vips.hold("web", now()));
        vips.close();
        for (InterfaceAddress left : addresses()) {
            netlink.request(Addresses.put(new InterfaceAddress(
                    left.linkIndex(), left.address(), left.prefixBits(), left.flags(), 0, Routers.OURS, 1_000)));
        }
        vips = open();

        assertEquals(List.of(Kind.ADOPTED, Kind.ADOPTED), kinds(vips.configure(Routers.config(router), now())));

        assertTrue(vips.hasAll("web"));
        assertTrue(leases().stream().allMatch(left -> left > 900));
        assertEquals(List.of(), vips.hold("web", now()));
        assertEquals(2, leases().size());
        assertTrue(leases().stream().allMatch(left -> left <= Routers.LEASE.toSeconds()));
    }

    @ParameterizedTest
    @ValueSource(strings = {V4 + "/24", V6 + "/64"})
    void shouldRestoreWhatSomeoneHasRemoved(String vip) throws Exception {
        configure(Routers.router("web", "v1", vip));
        assertEquals(List.of(), vips.hold("web", now()));
        network.ip("addr del " + vip + " dev v1");

        assertEquals(List.of(Kind.RESTORED), kinds(vips.look(now())));

        assertEquals(1, leases().size());
    }

    @Test
    void shouldTellWhatSomeoneHasRemovedWhenThatIsAFault() throws Exception {
        configure(Routers.router("web", "v1", OnRemoval.FAULT, Optional.empty(), V4 + "/24"));
        assertEquals(List.of(), vips.hold("web", now()));
        network.ip("addr del " + V4 + "/24 dev v1");

        assertEquals(List.of(Kind.REMOVED), kinds(vips.look(now())));

        assertEquals(List.of(), addresses());
    }

    @ParameterizedTest
    @ValueSource(strings = {V4 + "/24", V6 + "/64"})
    void shouldUseSomeoneElsesAsItIs(String vip) throws Exception {
        network.ip("addr add " + vip + " dev v1 nodad");
        VrrpConfig config = Routers.config(Routers.router("web", "v1", vip));
        assertEquals(List.of(Kind.FOREIGN), kinds(vips.configure(config, now())));
        List<InterfaceAddress> before = all();

        assertEquals(List.of(), vips.hold("web", now()));
        assertEquals(2, wire.take().size());
        assertEquals(List.of(), vips.onDeadline(now()));
        assertTrue(vips.views(now()).get(0).present());
        assertEquals(List.of(), vips.release("web", now()));

        assertEquals(before, all());
    }

    @Test
    void shouldUseSomeoneElsesThatCameUnseen() throws Exception {
        configure(Routers.router("web", "v1", V4 + "/24"));
        network.ip("addr add " + V4 + "/24 dev v1");
        List<InterfaceAddress> before = all();

        assertEquals(List.of(Kind.FOREIGN), kinds(vips.hold("web", now())));
        assertEquals(List.of(), vips.release("web", now()));

        assertEquals(before, all());
    }

    /** Those of IPv4 stay where they are; those of IPv6 go, for they have a lifetime. */
    @Test
    void shouldBeThereAgainWhenTheInterfaceIsUpAgain() throws Exception {
        configure(Routers.router("web", "v1", V4 + "/24"), Routers.router("six", "v1", V6 + "/64"));
        assertEquals(List.of(), vips.hold("web", now()));
        assertEquals(List.of(), vips.hold("six", now()));
        network.ip("link set v1 down");
        assertEquals(List.of(), vips.look(now()));
        assertEquals(1, addresses().size());

        network.ip("link set v1 up");
        assertEquals(List.of(Kind.RESTORED), kinds(vips.look(now())));

        assertEquals(2, addresses().size());
        assertTrue(network.ip("-6 route show").contains("2001:db8::/64 dev v1"));
    }

    @Test
    void shouldSayThatTheKernelRefuses() throws Exception {
        network.run("sysctl", "-qw", "net.ipv6.conf.v1.disable_ipv6=1");
        configure(Routers.router("six", "v1", V6 + "/64"));

        List<VipEvent> events = vips.hold("six", now());

        assertEquals(List.of(Kind.REFUSED), kinds(events));
        assertTrue(events.get(0).text().contains("IPv6 is disabled on this device"), events.get(0)::text);
        assertEquals(List.of(), wire.take());
    }

    @Test
    void shouldSayThatItsInterfaceIsGone() throws Exception {
        configure(Routers.router("web", "v1", V4 + "/24"));
        assertEquals(List.of(), vips.hold("web", now()));
        network.ip("link del v1");

        assertEquals(List.of(Kind.REFUSED), kinds(vips.look(now())));

        assertFalse(vips.views(now()).get(0).present());
    }

    private LeasedVips open() throws Exception {
        return network.call(() -> LeasedVips.open(syscalls, wire, state));
    }

    private void configure(RouterConfig... routers) throws Exception {
        VrrpConfig config = Routers.config(routers);
        assertEquals(List.of(), vips.configure(config, now()));
    }

    private long now() {
        return clock.nowNs();
    }

    private List<InterfaceAddress> all() {
        try {
            return Addresses.list(netlink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those with the agent's mark. */
    private List<InterfaceAddress> addresses() {
        return all().stream()
                .filter(address -> address.protocol() == Routers.OURS)
                .toList();
    }

    /** How many seconds they have left. */
    private List<Long> leases() {
        return addresses().stream().map(InterfaceAddress::validSeconds).toList();
    }

    private static List<Kind> kinds(List<VipEvent> events) {
        return events.stream().map(VipEvent::kind).toList();
    }
}
