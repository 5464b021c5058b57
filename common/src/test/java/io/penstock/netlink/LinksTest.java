package io.penstock.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.NewNetwork;
import io.penstock.linux.OpenFds;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OpenFds.class)
@Timeout(60)
class LinksTest {
    @Test
    void shouldAgreeWithIpOnEveryLink() throws Throwable {
        NewNetwork.run(() -> {
            Ip.run("link", "add", "west", "mtu", "1400", "type", "veth", "peer", "name", "east");
            Ip.run("link", "add", "bridge", "type", "bridge");
            Ip.run("link", "set", "east", "master", "bridge");
            Ip.run("link", "set", "bridge", "up");
            Ip.run("link", "set", "east", "up");
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                Set<Link> theirs = Ip.list("link").stream().map(LinksTest::link).collect(Collectors.toSet());

                assertEquals(theirs, Set.copyOf(Links.list(socket)));
                assertEquals(4, theirs.size());
            }
        });
    }

    @Test
    void shouldTellAnInterfaceThatIsUpFromOneThatCarries() throws Throwable {
        NewNetwork.run(() -> {
            Ip.run("link", "add", "west", "type", "veth", "peer", "name", "east");
            Ip.run("link", "set", "west", "up");
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                assertTrue(west(socket).up() && !west(socket).carrier());
                Ip.run("link", "set", "east", "up");
                assertTrue(west(socket).up() && west(socket).carrier());
                Ip.run("link", "set", "west", "down");
                assertTrue(!west(socket).up() && !west(socket).carrier());
            }
        });
    }

    @Test
    void shouldAgreeWithIpOnEveryNeighbour() throws Throwable {
        NewNetwork.run(() -> {
            Ip.run("link", "add", "west", "type", "veth", "peer", "name", "east");
            Ip.run("link", "set", "west", "up");
            Ip.run("neighbour", "add", "192.0.2.9", "lladdr", "02:00:00:00:0a:ff", "nud", "permanent", "dev", "west");
            Ip.run("neighbour", "add", "2001:db8::9", "lladdr", "02:00:00:00:0b:ff", "nud", "permanent", "dev", "west");
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                Set<String> ours = Neighbours.list(socket).stream()
                        .filter(neighbour -> neighbour.state() == Neighbour.NUD_PERMANENT)
                        .map(neighbour -> neighbour.address() + " "
                                + neighbour.hardwareAddress().orElse(""))
                        .collect(Collectors.toSet());

                assertEquals(
                        Ip.list("neighbour", "show", "nud", "permanent").stream()
                                .map(neighbour -> neighbour.get("dst").getAsString() + " "
                                        + neighbour.get("lladdr").getAsString())
                                .collect(Collectors.toSet()),
                        ours);
                assertEquals(2, ours.size());
            }
        });
    }

    @Test
    @EnabledIf("isLittleEndian")
    void shouldEncodeAsTheKernelTakesItWhenSetUpOrDownOrRemoved() {
        assertEquals(
                "20000000100005000100000000000000" + "00000000070000000100000001000000",
                AddressesTest.hex(Links.set(7, true)));
        assertEquals(
                "20000000100005000100000000000000" + "00000000070000000000000001000000",
                AddressesTest.hex(Links.set(7, false)));
        assertEquals(
                "20000000110005000100000000000000" + "00000000070000000000000000000000",
                AddressesTest.hex(Links.remove(7)));
    }

    @Test
    void shouldSetItUpAndDownAndRemoveIt() throws Throwable {
        NewNetwork.run(() -> {
            Ip.run("link", "add", "west", "type", "veth", "peer", "name", "east");
            Ip.run("link", "set", "east", "up");
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                int west = west(socket).index();
                socket.request(Links.set(west, true));
                assertTrue(west(socket).up() && west(socket).carrier());
                socket.request(Links.set(west, false));
                assertTrue(!west(socket).up());

                socket.request(Links.remove(west));

                assertEquals(1, Ip.list("link").size());
                NetlinkException gone =
                        assertThrows(NetlinkException.class, () -> socket.request(Links.set(west, true)));
                assertEquals(Errno.ENODEV, gone.errno());
            }
        });
    }

    static boolean isLittleEndian() {
        return AddressesTest.isLittleEndian();
    }

    private static Link west(NetlinkSocket socket) throws Exception {
        return Links.list(socket).stream()
                .filter(link -> link.name().equals("west"))
                .findFirst()
                .orElseThrow();
    }

    private static Link link(JsonObject link) {
        Set<String> flags = link.getAsJsonArray("flags").asList().stream()
                .map(JsonElement::getAsString)
                .collect(Collectors.toSet());
        return new Link(
                link.get("ifindex").getAsInt(),
                link.get("ifname").getAsString(),
                flags.contains("UP"),
                flags.contains("LOWER_UP"),
                flags.contains("LOOPBACK"),
                link.get("mtu").getAsInt(),
                Optional.of(link.get("address").getAsString()),
                Optional.ofNullable(link.getAsJsonObject("linkinfo"))
                        .flatMap(info -> Optional.ofNullable(info.get("info_kind")))
                        .map(JsonElement::getAsString));
    }
}
