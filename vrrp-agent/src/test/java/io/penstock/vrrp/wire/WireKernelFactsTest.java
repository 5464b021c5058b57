package io.penstock.vrrp.wire;

import static io.penstock.vrrp.wire.Cable.address;
import static io.penstock.vrrp.wire.Cable.assertMessage;
import static io.penstock.vrrp.wire.Cable.assertSent;
import static io.penstock.vrrp.wire.Cable.octets;
import static io.penstock.vrrp.wire.Cable.take;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.InternetChecksum;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves one host and what arrives at another, octet by octet. */
@Timeout(60)
class WireKernelFactsTest {
    private static final String MESSAGE = "31 34 9602000a115e c0000265 c0000266";
    private static final String OTHER = "31 35 96 02 000a 1234 c0000265 c0000266";
    private static final int VRID = 0x34;

    private static final int IPV4_OFFSET = 14;
    private static final int IPV4_SIZE = 20;

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

    private static String words(String... parts) {
        return String.join("", parts).replace(" ", "");
    }

    private static int multicast(VrrpSocket socket, boolean virtualMac, IpAddress source, String message) {
        UnsafeBuffer octets = octets(message);
        return socket.multicast(octets.getByte(1) & 0xff, virtualMac, source, octets, octets.capacity());
    }

    private static int unicast(VrrpSocket socket, IpAddress source, IpAddress peer, int ttl) {
        UnsafeBuffer octets = octets(MESSAGE);
        return socket.unicast(source, peer, ttl, octets, octets.capacity());
    }

    /** But for identification and checksum, which are the kernel's own affair; the checksum must be right, though. */
    private static void assertIpv4(String expected, String frame) {
        int identification = 2 * (IPV4_OFFSET + 4);
        int checksum = 2 * (IPV4_OFFSET + 10);
        assertEquals(
                expected,
                frame.substring(0, identification) + "...." + frame.substring(identification + 4, checksum) + "...."
                        + frame.substring(checksum + 4));
        assertEquals(0, InternetChecksum.checksum(InternetChecksum.sum(octets(frame), IPV4_OFFSET, IPV4_SIZE)));
    }

    @Test
    void shouldSendToGroupInIpv4() throws Exception {
        try (VrrpSocket socket = cable.open("v", true);
                Capture capture = cable.capture()) {
            assertSent(multicast(socket, false, source(true, 1), MESSAGE));
            assertIpv4(
                    words(
                            "01005e000012 020000000001 0800",
                            "45 c0 0024 .... 4000 ff 70 .... c0000201 e0000012",
                            MESSAGE),
                    capture.vrrp());
        }
    }

    @Test
    void shouldSendToGroupInIpv6() throws Exception {
        try (VrrpSocket socket = cable.open("v", false);
                Capture capture = cable.capture()) {
            assertSent(multicast(socket, false, source(false, 1), MESSAGE));
            String frame = capture.vrrp();
            // The flow label is the kernel's own affair (net.ipv6.auto_flowlabels).
            assertEquals(
                    words(
                            "333300000012 020000000001 86dd",
                            "6c0..... 0010 70 ff fe800000000000000000000000000001 ff020000000000000000000000000012",
                            MESSAGE),
                    frame.substring(0, 31) + "....." + frame.substring(36));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSendFromVirtualMac(boolean ipv4) throws Exception {
        UnsafeBuffer expected = new UnsafeBuffer(new byte[256]);
        UnsafeBuffer message = octets(MESSAGE);
        int length = Frames.vrrp(expected, VRID, source(ipv4, 1), message, message.capacity());
        try (VrrpSocket socket = cable.open("v", ipv4);
                Capture capture = cable.capture()) {
            assertSent(multicast(socket, true, source(ipv4, 1), MESSAGE));
            assertEquals(Cable.hexadecimal(expected, length), capture.vrrp());
        }
    }

    /** That of the interface is another one; the kernel takes any of this host's. */
    @ParameterizedTest
    @CsvSource({"true, 192.0.2.77", "false, 2001:db8::1"})
    void shouldSendFromTheAddressThatIsAsked(boolean ipv4, String source) throws Exception {
        cable.here.ip("addr add 192.0.2.77/32 dev lo");
        try (VrrpSocket socket = cable.open("v", ipv4);
                VrrpSocket peer = cable.openThere("w", ipv4)) {
            assertSent(multicast(socket, false, address(source), MESSAGE));
            assertEquals(address(source), take(peer).source);
            assertSent(unicast(socket, address(source), source(ipv4, 2), 255));
            assertEquals(address(source), take(peer).source);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void shouldReceiveFromGroup(boolean ipv4, boolean virtualMac) throws Exception {
        try (VrrpSocket socket = cable.open("v", ipv4);
                VrrpSocket peer = cable.openThere("w", ipv4)) {
            assertSent(multicast(peer, virtualMac, source(ipv4, 2), MESSAGE));
            Packet packet = take(socket);
            assertMessage(MESSAGE, packet);
            assertEquals(source(ipv4, 2), packet.source);
            assertEquals(Wire.group(ipv4), packet.destination);
            assertEquals(255, packet.ttl);
            assertFalse(socket.receive(packet));
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 192.0.2.2, 1", "true, 192.0.2.2, 64", "false, fe80::2, 1", "false, 2001:db8::2, 254"})
    void shouldReceiveWhatPeerSentToUsAlone(boolean ipv4, String peerAddress, int ttl) throws Exception {
        try (VrrpSocket socket = cable.open("v", ipv4);
                VrrpSocket peer = cable.openThere("w", ipv4)) {
            IpAddress own = address(peerAddress.replaceAll("2$", "1"));
            assertSent(unicast(socket, own, address(peerAddress), ttl));
            Packet packet = take(peer);
            assertMessage(MESSAGE, packet);
            assertEquals(own, packet.source);
            assertEquals(address(peerAddress), packet.destination);
            assertEquals(ttl, packet.ttl);
        }
    }

    /** Of another VRID it is not: two routers of one host may have one source. */
    @Test
    void shouldPassOverWhatItSentItself() throws Exception {
        try (VrrpSocket socket = cable.open("v", false);
                VrrpSocket mirror = cable.openThere("w", false)) {
            assertSent(multicast(socket, false, source(false, 1), MESSAGE));
            assertSent(multicast(mirror, true, source(false, 1), MESSAGE));
            assertSent(multicast(mirror, true, source(false, 1), OTHER));
            assertMessage(OTHER, take(socket));
        }
    }

    /** A socket of the same host that listens in would hear its own otherwise. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotComeBackToItsOwnHost(boolean ipv4) throws Exception {
        try (VrrpSocket socket = cable.open("v", ipv4);
                VrrpSocket second = cable.open("v", ipv4);
                VrrpSocket peer = cable.openThere("w", ipv4)) {
            assertSent(multicast(socket, false, source(ipv4, 1), MESSAGE));
            assertMessage(MESSAGE, take(peer));
            assertSent(multicast(peer, false, source(ipv4, 2), OTHER));
            assertMessage(OTHER, take(second));
        }
    }

    /** Neither by the group nor by an address of the host that the other interface has. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotHearOfOtherInterfaces(boolean ipv4) throws Exception {
        cable.add("v2", "w2");
        cable.here.ip("link set v2 up");
        cable.there.ip("link set w2 up");
        cable.there.ip("addr add fe80::22/64 dev w2 nodad");
        cable.there.ip("addr add 192.0.2.22/32 dev w2");
        cable.here.ip("route add 192.0.2.22/32 dev v2");
        try (VrrpSocket socket = cable.open("v", ipv4);
                VrrpSocket second = cable.open("v2", ipv4);
                VrrpSocket peer = cable.openThere("w", ipv4);
                VrrpSocket peer2 = cable.openThere("w2", ipv4)) {
            assertSent(multicast(peer2, false, address(ipv4 ? "192.0.2.22" : "fe80::22"), OTHER));
            assertMessage(OTHER, take(second));
            assertSent(multicast(peer, false, source(ipv4, 2), MESSAGE));
            assertMessage(MESSAGE, take(socket));
            assertFalse(second.receive(new Packet()));
        }
    }

    @Test
    void shouldHaveNothingToReceiveAtFirst() throws Exception {
        try (VrrpSocket socket = cable.open("v", true)) {
            assertFalse(socket.receive(new Packet()));
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 224.0.0.18", "false, ff02::12"})
    void shouldBeMemberForAsLongAsItIsOpen(boolean ipv4, String group) throws Exception {
        VrrpSocket socket = cable.open("v", ipv4);
        assertEquals(1, memberships(group));
        socket.close();
        assertEquals(0, memberships(group));
    }

    private long memberships(String group) throws Exception {
        return cable.here
                .ip("maddr show dev v")
                .lines()
                .filter(line -> line.endsWith(" " + group))
                .count();
    }
}
