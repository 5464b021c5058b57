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
import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OpenFds.class)
@Timeout(60)
class AddressesTest {
    private static final int LOOPBACK = 1;
    private static final int OURS = 99;
    private static final IpAddress V4 = IpAddress.parse("203.0.113.5").orElseThrow();
    private static final IpAddress V6 = IpAddress.parse("2001:db8::100").orElseThrow();

    @Test
    @EnabledIf("isLittleEndian")
    void shouldEncodeAsTheKernelTakesItWhenIpv4() {
        InterfaceAddress vip = new InterfaceAddress(LOOPBACK, V4, 32, 0, 0, OURS, InterfaceAddress.FOREVER);

        assertEquals(
                "30000000140005060100000000000000" + "0220000001000000" + "08000200cb007105" + "08000100cb007105"
                        + "05000b0063000000",
                hex(Addresses.add(vip)));
    }

    @Test
    @EnabledIf("isLittleEndian")
    void shouldEncodeAsTheKernelTakesItWhenIpv6WithALease() {
        InterfaceAddress vip = new InterfaceAddress(LOOPBACK, V6, 128, InterfaceAddress.IFA_F_NODAD, 0, OURS, 3);

        assertEquals(
                "64000000140005050100000000000000" + "0a80020001000000"
                        + "1400020020010db8000000000000000000000100"
                        + "1400010020010db8000000000000000000000100"
                        + "0800080002000000"
                        + "14000600" + "03000000" + "03000000" + "00000000" + "00000000"
                        + "05000b0063000000",
                hex(Addresses.put(vip)));
    }

    @Test
    @EnabledIf("isLittleEndian")
    void shouldEncodeAsTheKernelTakesItWhenRemoved() {
        InterfaceAddress vip = new InterfaceAddress(LOOPBACK, V4, 32, 0, 0, OURS, 3);

        assertEquals(
                "28000000150005000100000000000000" + "0220000001000000" + "08000200cb007105" + "08000100cb007105",
                hex(Addresses.remove(vip)));
    }

    @Test
    void shouldAgreeWithIpOnEveryAddress() throws Throwable {
        NewNetwork.run(() -> {
            Ip.run("link", "add", "west", "type", "veth", "peer", "name", "east");
            Ip.run("link", "set", "west", "up");
            Ip.run("address", "add", "198.51.100.7/24", "broadcast", "+", "dev", "west");
            Ip.run("address", "add", "198.51.100.9", "peer", "198.51.100.200/32", "dev", "west");
            Ip.run("address", "add", "192.0.2.10/32", "dev", "lo", "valid_lft", "1000", "preferred_lft", "1000");
            Ip.run("address", "add", "2001:db8::7/64", "dev", "west", "nodad", "noprefixroute");
            Ip.run("address", "add", "2001:db8:1::1", "peer", "2001:db8:1::2/128", "dev", "lo");
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                List<InterfaceAddress> ours = Addresses.list(socket);

                assertEquals(
                        Ip.list("address").stream()
                                .flatMap(AddressesTest::addresses)
                                .collect(Collectors.toSet()),
                        ours.stream().map(AddressesTest::words).collect(Collectors.toSet()));
            }
        });
    }

    @Test
    void shouldHoldForIpWhatItPut() throws Throwable {
        NewNetwork.run(() -> {
            InterfaceAddress v4 = new InterfaceAddress(LOOPBACK, V4, 32, 0, 0, OURS, 1_000);
            InterfaceAddress v6 = new InterfaceAddress(LOOPBACK, V6, 128, InterfaceAddress.IFA_F_NODAD, 0, OURS, 1_000);
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                assertEquals(
                        0,
                        socket.batch(List.of(Addresses.put(v4), Addresses.put(v6), Addresses.put(v4))).stream()
                                .flatMap(Optional::stream)
                                .count());

                Set<String> seen = Ip.list("address", "show", "dev", "lo").stream()
                        .flatMap(AddressesTest::addresses)
                        .collect(Collectors.toSet());

                assertTrue(seen.contains("1 203.0.113.5/32 global leased"), seen.toString());
                assertTrue(seen.contains("1 2001:db8::100/128 global leased"), seen.toString());
            }
        });
    }

    @Test
    void shouldRefuseToAddOverSomeoneElsesAndToRemoveWhatIsNotThere() throws Throwable {
        NewNetwork.run(() -> {
            InterfaceAddress vip = new InterfaceAddress(LOOPBACK, V4, 32, 0, 0, OURS, InterfaceAddress.FOREVER);
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                NetlinkException absent =
                        assertThrows(NetlinkException.class, () -> socket.request(Addresses.remove(vip)));
                Ip.run("address", "add", "203.0.113.5/32", "dev", "lo");
                NetlinkException taken = assertThrows(NetlinkException.class, () -> socket.request(Addresses.add(vip)));

                assertEquals(Errno.EADDRNOTAVAIL, absent.errno());
                assertEquals(Errno.EEXIST, taken.errno());
            }
        });
    }

    /** So whoever puts an address looks first whose it is. */
    @Test
    void shouldTakeOverSomeoneElsesWhenItIsPut() throws Throwable {
        NewNetwork.run(() -> {
            InterfaceAddress v4 = new InterfaceAddress(LOOPBACK, V4, 32, 0, 0, OURS, 1_000);
            InterfaceAddress v6 = new InterfaceAddress(LOOPBACK, V6, 128, InterfaceAddress.IFA_F_NODAD, 0, OURS, 1_000);
            Ip.run("address", "add", "203.0.113.5/32", "dev", "lo");
            Ip.run("address", "add", "2001:db8::100/128", "dev", "lo", "nodad");
            try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
                socket.request(Addresses.put(v4));
                socket.request(Addresses.put(v6));

                assertEquals(
                        Set.of(V4, V6),
                        Addresses.list(socket).stream()
                                .filter(address -> address.protocol() == OURS && address.validSeconds() <= 1_000)
                                .map(InterfaceAddress::address)
                                .collect(Collectors.toSet()));
            }
        });
    }

    static boolean isLittleEndian() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    static String hex(Request request) {
        MessageWriter writer = new MessageWriter(Request.MAX_BYTES);
        request.encode(writer, 1);
        return HexFormat.of().formatHex(writer.toArray());
    }

    private static Stream<String> addresses(JsonObject link) {
        return link.getAsJsonArray("addr_info").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .map(address -> words(link.get("ifindex").getAsInt(), address));
    }

    /** Without its mark, which this ip(8) does not know yet. */
    private static String words(int link, JsonObject address) {
        long valid = address.get("valid_life_time").getAsLong();
        return words(
                link,
                address.get("local").getAsString(),
                address.get("prefixlen").getAsInt(),
                address.get("scope").getAsString(),
                valid == InterfaceAddress.FOREVER);
    }

    private static String words(InterfaceAddress address) {
        String scope =
                switch (address.scope()) {
                    case 0 -> "global";
                    case 253 -> "link";
                    case 254 -> "host";
                    default -> Integer.toString(address.scope());
                };
        boolean forEver = address.validSeconds() == InterfaceAddress.FOREVER;
        return words(address.linkIndex(), address.address().toString(), address.prefixBits(), scope, forEver);
    }

    /** How long is left changes while they look. */
    private static String words(int link, String address, int bits, String scope, boolean forEver) {
        return link + " " + address + "/" + bits + " " + scope + (forEver ? "" : " leased");
    }
}
