package io.penstock.vrrp.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.penstock.linux.BootClock;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.netlink.Neighbour;
import io.penstock.netlink.Neighbours;
import io.penstock.netlink.NetlinkSocket;
import io.penstock.netlink.Sysctls;
import io.penstock.testing.NetworkNamespace;
import io.penstock.vrrp.address.VipEvent.Kind;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.RouterConfig.OnRemoval;
import io.penstock.vrrp.config.VirtualMacConfig;
import io.penstock.vrrp.wire.LinuxWire;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A host with an interface for a virtual MAC address, and a client on the same cable. */
@Timeout(60)
class VirtualMacKernelTest {
    private static final int NUD_FAILED = 0x20;
    private static final int DISCARD_PORT = 9;
    private static final String V4 = "192.0.2.10";
    private static final String V6 = "2001:db8::10";
    private static final String NAME = "vrrp.51";
    private static final String MAC4 = "00:00:5e:00:01:33";
    private static final String MAC6 = "00:00:5e:00:02:33";

    @TempDir
    private Path state;

    private final LinuxSyscalls syscalls = new LinuxSyscalls();
    private final BootClock clock = new BootClock(syscalls);
    private final Sysctls sysctls = new Sysctls();
    private final FakeWire wire = new FakeWire();
    private NetworkNamespace host;
    private NetworkNamespace client;
    private NetlinkSocket neighbours;
    private LeasedVips vips;

    @BeforeEach
    void connect() throws Exception {
        host = NetworkNamespace.create();
        client = NetworkNamespace.create();
        host.addCable("v1", "w1");
        String thread = client.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString());
        host.ip("link set w1 netns " + thread);
        host.ip("addr add 192.0.2.1/24 dev v1");
        host.ip("addr add 2001:db8::1/64 dev v1 nodad");
        client.ip("link set w1 up");
        client.ip("addr add 192.0.2.2/24 dev w1");
        client.ip("addr add 2001:db8::2/64 dev w1 nodad");
        // The kernel may take a second to notice that a cable is whole, and drops what is sent before.
        NetworkNamespace.await("a carrier", () -> isCarrying(host, "v1") && isCarrying(client, "w1"));
        neighbours = client.call(() -> NetlinkSocket.open(syscalls));
        vips = open();
    }

    @AfterEach
    void close() throws Exception {
        if (vips != null) {
            close(vips);
        }
        if (neighbours != null) {
            neighbours.close();
        }
        if (client != null) {
            client.close();
        }
        if (host != null) {
            host.close();
        }
    }

    @ParameterizedTest
    @CsvSource({V4 + ",24," + MAC4, V4 + ",32," + MAC4, V6 + ",64," + MAC6})
    void shouldAnswerWithTheVirtualMacAddressWhileHeldAndNotAtAllWhenReleased(String vip, int bits, String mac)
            throws Exception {
        configure(router(vip + "/" + bits));
        assertEquals(List.of(), at(vips -> vips.hold("web", clock.nowNs())));
        assertTrue(wire.take().get(0).startsWith(vip + " at " + mac + " on "));

        assertEquals(mac, ask(vip).hardwareAddress().orElse("nobody"));
        assertEquals(List.of(), at(vips -> vips.look(clock.nowNs())));
        assertEquals(List.of(), wire.take(), "once is enough");

        assertEquals(List.of(), at(vips -> vips.release("web", clock.nowNs())));
        assertEquals(NUD_FAILED, ask(vip).state());
        assertEquals("DOWN", link(NAME).get("operstate").getAsString());
    }

    /** The first frames go out as soon as the interface is up. */
    @ParameterizedTest
    @CsvSource({V4 + ",24," + MAC4, V6 + ",64," + MAC6})
    void shouldTellClientsThatKnewAnotherHardwareAddress(String vip, int bits, String mac) throws Exception {
        try (LinuxWire network = host.call(() -> LinuxWire.open(syscalls))) {
            close(vips);
            vips = host.call(() -> LeasedVips.open(syscalls, network, state));
            configure(router(vip + "/" + bits));
            client.ip("neigh replace " + vip + " lladdr 02:00:00:00:00:99 nud stale dev w1");

            assertEquals(List.of(), at(vips -> vips.hold("web", clock.nowNs())));

            NetworkNamespace.await(
                    "the virtual MAC address at the client",
                    () -> learnt(vip).orElseThrow().hardwareAddress().equals(Optional.of(mac)));
        }
    }

    @Test
    void shouldAnswerForTheHostsOwnAddressWithItsOwnHardwareAddress() throws Exception {
        configure(router(V4 + "/24"));
        assertEquals(List.of(), at(vips -> vips.hold("web", clock.nowNs())));

        assertEquals(
                link("v1").get("address").getAsString(),
                ask("192.0.2.1").hardwareAddress().orElse("nobody"));
    }

    @Test
    void shouldMakeItWithoutAddressesOfItsOwnAndRemoveItInTheEnd() throws Exception {
        configure(router(V6 + "/64"));
        assertEquals(MAC6, link(NAME).get("address").getAsString());
        assertEquals("v1", link(NAME).get("link").getAsString());
        assertEquals(List.of(), at(vips -> vips.hold("web", clock.nowNs())));
        String addresses = host.ip("-6 -br addr show dev " + NAME);
        assertTrue(addresses.contains(V6) && !addresses.contains("fe80"), addresses);

        close(vips);
        vips = null;

        assertFalse(host.ip("link show").contains(NAME));
    }

    @Test
    void shouldPutBackTheSettingsOfTheInterfaceThatItIsOn() throws Exception {
        configure(router(V4 + "/24"));
        assertEquals("1", setting("net.ipv4.conf.v1.arp_ignore"));
        assertEquals("2", setting("net.ipv4.conf.v1.arp_announce"));

        configure(Routers.router("web", "v1", V4 + "/32"));

        assertEquals("0", setting("net.ipv4.conf.v1.arp_ignore"));
        assertEquals("0", setting("net.ipv4.conf.v1.arp_announce"));
        assertFalse(host.ip("link show").contains(NAME));
    }

    /** Where the kernel would remove the others of the network as well. */
    @Test
    void shouldNotRemoveOthersAddressesWithTheFirstOfTheirNetwork() throws Exception {
        configure(Routers.router("web", "v1", "198.51.100.10/24"));
        assertEquals(List.of(), at(vips -> vips.hold("web", clock.nowNs())));
        host.ip("addr add 198.51.100.1/24 dev v1");

        assertEquals(List.of(), at(vips -> vips.release("web", clock.nowNs())));

        String addresses = host.ip("-4 -br addr show dev v1");
        assertTrue(addresses.contains("198.51.100.1/24") && !addresses.contains("198.51.100.10"), addresses);
    }

    /** Its settings are put back when the VIP has gone, not before. */
    @Test
    void shouldNotRemoveThemEitherWhenTheConfigurationHasItNoMore() throws Exception {
        configure(Routers.router("web", "v1", "198.51.100.10/24"));
        assertEquals(List.of(), at(vips -> vips.hold("web", clock.nowNs())));
        host.ip("addr add 198.51.100.1/24 dev v1");

        configure(Routers.router("web", "v1", "203.0.113.10/32"));

        String addresses = host.ip("-4 -br addr show dev v1");
        assertTrue(addresses.contains("198.51.100.1/24") && !addresses.contains("198.51.100.10"), addresses);
        assertEquals("0", setting("net.ipv4.conf.v1.promote_secondaries"));
    }

    /** As another program leaves it when it is killed: the kernel sets up only one of them. */
    @Test
    void shouldRefuseVipsWhenAnotherInterfaceHasTheVirtualMacAddress() throws Exception {
        host.ip("link add left link v1 address " + MAC4 + " type macvlan mode private");
        host.ip("link set left up");
        configure(router(V4 + "/24"));
        List<VipEvent> events = new ArrayList<>(at(vips -> vips.hold("web", clock.nowNs())));

        events.addAll(at(vips -> vips.look(clock.nowNs())));

        assertEquals(List.of(Kind.REFUSED), events.stream().map(VipEvent::kind).toList());
    }

    @Test
    void shouldAdoptTheInterfaceThatAFormerRunLeft() throws Exception {
        RouterConfig router = router(V4 + "/24");
        configure(router);
        assertEquals(List.of(), at(vips -> vips.hold("web", clock.nowNs())));
        int index = link(NAME).get("ifindex").getAsInt();
        LeasedVips former = vips;
        vips = open();

        List<VipEvent> events = at(vips -> vips.configure(Routers.config(router), clock.nowNs()));

        assertEquals(List.of(Kind.ADOPTED), events.stream().map(VipEvent::kind).toList());
        assertEquals(index, link(NAME).get("ifindex").getAsInt());
        assertEquals(MAC4, ask(V4).hardwareAddress().orElse("nobody"));
        close(former);
    }

    @Test
    void shouldSetDownWhatAFormerRunLeftUpWithoutVips() throws Exception {
        configure(router(V4 + "/24"));
        host.ip("link set " + NAME + " up");

        assertEquals(List.of(), at(vips -> vips.look(clock.nowNs())));

        assertEquals("DOWN", link(NAME).get("operstate").getAsString());
    }

    @Test
    void shouldMakeItAgainWhenSomeoneHasRemovedIt() throws Exception {
        configure(router(V4 + "/24"));
        assertEquals(List.of(), at(vips -> vips.hold("web", clock.nowNs())));
        host.ip("link del " + NAME);

        List<VipEvent> events = at(vips -> vips.look(clock.nowNs()));

        assertEquals(List.of(Kind.RESTORED), events.stream().map(VipEvent::kind).toList());
        assertEquals(MAC4, ask(V4).hardwareAddress().orElse("nobody"));
    }

    @Test
    void shouldNeitherUseNorRemoveAnInterfaceOfThatNameThatIsSomethingElse() throws Exception {
        host.ip("link add " + NAME + " type veth peer name other");
        configure(router(V4 + "/24"));

        List<VipEvent> events = at(vips -> vips.hold("web", clock.nowNs()));

        assertEquals(List.of(Kind.REFUSED), events.stream().map(VipEvent::kind).toList());
        close(vips);
        vips = null;
        assertTrue(host.ip("link show").contains(NAME));
    }

    // The rig.

    /** On the thread that lives in the host's namespace, as the agent's does. */
    private interface Call<T> {
        T on(LeasedVips vips) throws Exception;
    }

    private <T> T at(Call<T> call) throws Exception {
        return host.call(() -> call.on(vips));
    }

    private LeasedVips open() throws Exception {
        return host.call(() -> LeasedVips.open(syscalls, wire, state));
    }

    private void close(LeasedVips which) throws Exception {
        boolean unused = host.call(() -> {
            which.close();
            return true;
        });
    }

    private void configure(RouterConfig router) throws Exception {
        assertEquals(List.of(), at(vips -> vips.configure(Routers.config(router), clock.nowNs())));
    }

    private static RouterConfig router(String vip) {
        return Routers.router("web", "v1", OnRemoval.RESTORE, Optional.of(new VirtualMacConfig(NAME)), vip);
    }

    private JsonObject link(String name) throws Exception {
        return link(host, name);
    }

    private static JsonObject link(NetworkNamespace where, String name) throws Exception {
        return where.ipJson("-d link show dev " + name).get(0).getAsJsonObject();
    }

    private static boolean isCarrying(NetworkNamespace where, String name) throws Exception {
        return link(where, name).get("operstate").getAsString().equals("UP");
    }

    private String setting(String key) throws Exception {
        return host.call(() -> sysctls.read(key));
    }

    /** What the client, which knew nothing, learns when it wants to send there. */
    private Neighbour ask(String address) throws Exception {
        client.ip("neigh flush all");
        boolean unused = client.call(() -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName(address), DISCARD_PORT));
            }
            return true;
        });
        NetworkNamespace.await("an answer for " + address + ", or none", () -> learnt(address)
                .filter(one -> one.hardwareAddress().isPresent() || one.state() == NUD_FAILED)
                .isPresent());
        return learnt(address).orElseThrow();
    }

    private Optional<Neighbour> learnt(String address) throws IOException {
        return Neighbours.list(neighbours).stream()
                .filter(one -> one.address().toString().equals(address))
                .findFirst();
    }
}
