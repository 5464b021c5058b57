package io.penstock.vrrp.wire;

import static io.penstock.vrrp.wire.Cable.address;
import static io.penstock.vrrp.wire.Cable.assertMessage;
import static io.penstock.vrrp.wire.Cable.assertSent;
import static io.penstock.vrrp.wire.Cable.octets;
import static io.penstock.vrrp.wire.Cable.take;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.Errno;
import io.penstock.net.IpAddress;
import io.penstock.testing.NetworkNamespace;
import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the contract of {@link VrrpSocket} says of interfaces that go down, go away and come back. */
@Timeout(60)
class LinkLossKernelFactsTest {
    private static final String MESSAGE = "31 34 9602000a115e c0000265 c0000266";
    private static final String HARDWARE = Cable.HARDWARE;
    private static final int VRID = 0x34;

    private Cable cable;

    @BeforeEach
    void connect() throws Exception {
        cable = new Cable();
    }

    @AfterEach
    void close() {
        cable.close();
    }

    private static IpAddress source(boolean ipv4, int host) {
        return address(ipv4 ? "192.0.2." + host : "fe80::" + host);
    }

    private static int multicast(VrrpSocket socket, boolean virtualMac, IpAddress source) {
        UnsafeBuffer octets = octets(MESSAGE);
        return socket.multicast(VRID, virtualMac, source, octets, octets.capacity());
    }

    private static int unicast(VrrpSocket socket, boolean ipv4) {
        UnsafeBuffer octets = octets(MESSAGE);
        return socket.unicast(source(ipv4, 1), source(ipv4, 2), 255, octets, octets.capacity());
    }

    /** IPv6 addresses are gone once the link is down, those of IPv4 are not. */
    @ParameterizedTest
    @CsvSource({"true, " + Errno.ENETUNREACH, "false, " + Errno.EINVAL})
    void shouldSayThatInterfaceIsDown(boolean ipv4, int errno) throws Exception {
        try (VrrpSocket socket = cable.open("v", ipv4)) {
            cable.here.ip("link set v down");
            assertEquals(-errno, multicast(socket, false, source(ipv4, 1)));
            assertEquals(-errno, unicast(socket, ipv4));
            assertEquals(-Errno.ENETDOWN, multicast(socket, true, source(ipv4, 1)));
            assertEquals(-Errno.ENETDOWN, announce(Cable.index(cable.here, "v"), HARDWARE, ipv4));
            assertFalse(socket.receive(new Packet()));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSendAndHearAgainOnceInterfaceIsUp(boolean ipv4) throws Exception {
        try (VrrpSocket socket = cable.open("v", ipv4);
                VrrpSocket peer = cable.openThere("w", ipv4)) {
            cable.here.ip("link set v down");
            cable.here.ip("link set v up");
            if (!ipv4) {
                cable.here.ip("addr add fe80::1/64 dev v nodad");
            }
            awaitCarriers();
            assertSent(multicast(socket, false, source(ipv4, 1)));
            assertMessage(MESSAGE, take(peer));
            assertSent(multicast(peer, false, source(ipv4, 2)));
            assertMessage(MESSAGE, take(socket));
        }
    }

    /** Before both have one, whatever leaves is dropped. */
    private void awaitCarriers() throws Exception {
        NetworkNamespace.await("a carrier", () -> hasCarrier(cable.here, "v") && hasCarrier(cable.there, "w"));
    }

    private static boolean hasCarrier(NetworkNamespace namespace, String name) throws Exception {
        return namespace
                .ipJson("link show dev " + name)
                .get(0)
                .getAsJsonObject()
                .get("operstate")
                .getAsString()
                .equals("UP");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldBeOpenedOnInterfaceThatIsDown(boolean ipv4) throws Exception {
        cable.here.ip("link set v down");
        try (VrrpSocket socket = cable.open("v", ipv4);
                VrrpSocket peer = cable.openThere("w", ipv4)) {
            cable.here.ip("link set v up");
            awaitCarriers();
            assertSent(multicast(peer, false, source(ipv4, 2)));
            assertMessage(MESSAGE, take(socket));
        }
    }

    /** No read ever fails, no event ever comes: it is for who sends to notice, and for who watches links. */
    @ParameterizedTest
    @CsvSource({"true, " + Errno.ENETUNREACH, "false, " + Errno.ENODEV})
    void shouldSayThatInterfaceIsGone(boolean ipv4, int errno) throws Exception {
        int index = Cable.index(cable.here, "v");
        try (VrrpSocket socket = cable.open("v", ipv4)) {
            cable.here.ip("link del v");
            assertEquals(-errno, multicast(socket, false, source(ipv4, 1)));
            assertEquals(-errno, unicast(socket, ipv4));
            assertEquals(-Errno.ENXIO, multicast(socket, true, source(ipv4, 1)));
            assertEquals(-Errno.ENXIO, announce(index, HARDWARE, ipv4));
            assertFalse(socket.receive(new Packet()));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRefuseInterfaceThatIsNotThere(boolean ipv4) throws Exception {
        IOException refused =
                assertThrows(IOException.class, () -> cable.here.call(() -> cable.wire.open("gone", 4711, ipv4)));
        assertEquals("group " + Wire.group(ipv4) + " on gone: no such interface (ENODEV)", refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"true, " + Errno.ENETUNREACH, "false, " + Errno.EINVAL})
    void shouldSayThatSourceIsNotOurs(boolean ipv4, int errno) throws Exception {
        try (VrrpSocket socket = cable.open("v", ipv4)) {
            assertEquals(-errno, multicast(socket, false, source(ipv4, 9)));
        }
    }

    /** The queue of such a link drops everything and does not tell. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotNoticeThatThereIsNoCarrier(boolean ipv4) throws Exception {
        try (VrrpSocket socket = cable.open("v", ipv4)) {
            cable.there.ip("link set w down");
            NetworkNamespace.await("v to lose its carrier", () -> !hasCarrier(cable.here, "v"));
            assertSent(multicast(socket, false, source(ipv4, 1)));
            assertSent(multicast(socket, true, source(ipv4, 1)));
        }
    }

    /** IPv6 is taken from such a link, and comes back without its groups. */
    @Test
    void shouldLoseGroupWithMtuThatIsTooSmallForIpv6() throws Exception {
        try (VrrpSocket socket = cable.open("v", false)) {
            cable.here.ip("link set v mtu 1000");
            assertTrue(multicast(socket, false, source(false, 1)) < 0);
            cable.here.ip("link set v mtu 1500");
            assertFalse(cable.here.ip("maddr show dev v").contains("ff02::12"));
        }
        cable.open("v", false).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "02:00:00:00:00:01:02:03"})
    void shouldRefuseHardwareAddressThatIsNotEthernet(String hardwareAddress) throws Exception {
        assertEquals(-Errno.EINVAL, announce(Cable.index(cable.here, "v"), hardwareAddress, true));
    }

    private int announce(int index, String hardwareAddress, boolean ipv4) {
        return cable.wire.announce(index, hardwareAddress, source(ipv4, 100), false);
    }
}
