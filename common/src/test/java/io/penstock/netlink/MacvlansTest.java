package io.penstock.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.NewNetwork;
import io.penstock.linux.OpenFds;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OpenFds.class)
@Timeout(60)
class MacvlansTest {
    private static final Macvlan VIRTUAL = new Macvlan(0, "vrrp.51", 3, "00:00:5e:00:01:33", Macvlan.MODE_PRIVATE);

    @Test
    @EnabledIf("isLittleEndian")
    void shouldEncodeAsTheKernelTakesItWhenMacvlan() {
        assertEquals(
                "5c000000100005060100000000000000" + "00000000000000000000000000000000"
                        + "0a00010000005e0001330000"
                        + "0800050003000000"
                        + "0c000300767272702e353100"
                        + "1c001200" + "0c0001006d6163766c616e00" + "0c0002000800010001000000",
                AddressesTest.hex(Macvlans.add(VIRTUAL)));
    }

    @Test
    void shouldAgreeWithIpOnTheMacvlanThatItMade() throws Throwable {
        NewNetwork.run(() -> {
            Ip.run("link", "add", "west", "type", "veth", "peer", "name", "east");
            Ip.run("link", "add", "link", "east", "name", "bridged", "type", "macvlan", "mode", "bridge");
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                int lower = indexOf("west", socket);
                socket.request(
                        Macvlans.add(new Macvlan(0, "vrrp.51", lower, "00:00:5e:00:01:33", Macvlan.MODE_PRIVATE)));

                JsonObject theirs = Ip.list("link", "show", "dev", "vrrp.51").get(0);
                assertEquals("west", theirs.get("link").getAsString());
                assertEquals("00:00:5e:00:01:33", theirs.get("address").getAsString());
                JsonObject info = theirs.getAsJsonObject("linkinfo");
                assertEquals("macvlan", info.get("info_kind").getAsString());
                assertEquals(
                        "private", info.getAsJsonObject("info_data").get("mode").getAsString());
                int index = theirs.get("ifindex").getAsInt();
                assertTrue(Macvlans.list(socket)
                        .contains(new Macvlan(index, "vrrp.51", lower, "00:00:5e:00:01:33", Macvlan.MODE_PRIVATE)));
                assertEquals(2, Macvlans.list(socket).size());
            }
        });
    }

    /** So whoever finds one there looks whose it is. */
    @Test
    void shouldRefuseASecondOneOfThatNameOrHardwareAddress() throws Throwable {
        NewNetwork.run(() -> {
            Ip.run("link", "add", "west", "type", "veth", "peer", "name", "east");
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                int lower = indexOf("west", socket);
                Macvlan first = new Macvlan(0, "vrrp.51", lower, "00:00:5e:00:01:33", Macvlan.MODE_PRIVATE);
                Macvlan other = new Macvlan(0, "other", lower, "00:00:5e:00:01:33", Macvlan.MODE_PRIVATE);
                socket.request(Macvlans.add(first));
                socket.request(Links.set(Macvlans.list(socket).get(0).index(), true));

                NetlinkException sameName =
                        assertThrows(NetlinkException.class, () -> socket.request(Macvlans.add(first)));
                assertEquals(Errno.EEXIST, sameName.errno());
                socket.request(Macvlans.add(other));
                int second = Macvlans.list(socket).get(1).index();
                NetlinkException sameAddress =
                        assertThrows(NetlinkException.class, () -> socket.request(Links.set(second, true)));
                assertEquals(Errno.EADDRINUSE, sameAddress.errno());
            }
        });
    }

    static boolean isLittleEndian() {
        return AddressesTest.isLittleEndian();
    }

    private static int indexOf(String name, NetlinkSocket socket) throws IOException {
        return Links.list(socket).stream()
                .filter(link -> link.name().equals(name))
                .findFirst()
                .orElseThrow()
                .index();
    }
}
