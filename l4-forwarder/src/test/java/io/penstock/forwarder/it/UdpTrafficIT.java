package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Datagrams of every size, family and traffic class, through a forwarder process and back. */
@Timeout(120)
class UdpTrafficIT {
    /** What is left of 65,535 octets beside the headers of IPv4 and UDP. */
    private static final int MAX_IPV4 = 65_507;

    /** IPv6's own header is not in its length. */
    private static final int MAX_IPV6 = 65_527;

    /** Of Ethernet, jumbo frames, PPPoE, IPv6 at least, and what is left of them for payload by IPv4 and by IPv6. */
    private static final int[] MTUS = {576, 1_280, 1_420, 1_492, 1_500, 4_352, 8_192, 9_000, 16_384, 65_535};

    private static final int[] HEADERS = {0, 8, 28, 48};
    private static final int STRIDE = 61;

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private final Random random = new Random(6);

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "::1, ::1", "::1, 127.0.0.1", "127.0.0.1, ::1"})
    void shouldCarryEverySizeBothWays(String listen, String server) throws Exception {
        int max = listen.equals(server) && listen.equals("::1") ? MAX_IPV6 : MAX_IPV4;
        try (UdpBackend backend = UdpBackend.echoAt(server, Ports.free());
                ForwarderProcess forwarder = start(backend.address(), listen);
                DatagramClient client = new DatagramClient(listen, listen, port)) {
            SortedSet<Integer> sizes = sizes(max);
            long bytes = 0;
            for (int size : sizes) {
                byte[] payload = new byte[size];
                random.nextBytes(payload);
                client.assertEchoes(payload);
                bytes += size;
            }
            assertEquals(0, forwarder.stop());
            assertEquals(bytes, forwarder.total("udp_bytes_to_backends"));
            assertEquals(bytes, forwarder.total("udp_bytes_to_clients"));
            assertEquals(sizes.size(), forwarder.total("udp_datagrams_to_clients"));
            assertEquals(1, forwarder.total("udp_sessions_opened"));
        }
    }

    private static SortedSet<Integer> sizes(int max) {
        SortedSet<Integer> sizes = new TreeSet<>();
        for (int size = 0; size <= max; size += STRIDE) {
            sizes.add(size);
        }
        for (int power = 1; power <= 1 << 16; power <<= 1) {
            addAround(sizes, power, max);
        }
        for (int mtu : MTUS) {
            for (int header : HEADERS) {
                addAround(sizes, mtu - header, max);
            }
        }
        addAround(sizes, max, max);
        return sizes;
    }

    private static void addAround(SortedSet<Integer> sizes, int size, int max) {
        for (int near = Math.max(0, size - 2); near <= Math.min(max, size + 2); near++) {
            sizes.add(near);
        }
    }

    /** No datagram of IPv4 can be so long; the session goes on. */
    @Test
    void shouldDropWhatIsTooLongForTheBackendsFamily() throws Exception {
        try (UdpBackend backend = UdpBackend.echo();
                ForwarderProcess forwarder = start(backend.address(), "::1");
                DatagramClient client = new DatagramClient("::1", "::1", port)) {
            client.assertEchoes(new byte[MAX_IPV4]);
            client.send(new byte[MAX_IPV6]);
            client.assertEchoes(new byte[1]);
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total("udp_to_backends_too_long"));
            assertEquals(3, forwarder.total("udp_datagrams_from_clients"));
            assertEquals(2, forwarder.total("udp_datagrams_to_backends"));
        }
    }

    /** One client, which asks one wildcard by many addresses: sessions of their own. */
    @Test
    void shouldAnswerFromTheAddressThatWasAsked() throws Exception {
        int addresses = 300;
        try (UdpBackend backend = UdpBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.to(port, backend.address())
                                .listen("\"*:" + port + "\"")
                                .service("protocol: udp")
                                .text());
                DatagramClient client = new DatagramClient("0.0.0.0", "127.0.0.1", port);
                DatagramClient client6 = new DatagramClient("::1", "::1", port)) {
            for (int i = 0; i < addresses; i++) {
                InetSocketAddress asked = new InetSocketAddress("127.1." + i % 7 + "." + (1 + i / 7), port);
                byte[] payload = asked.toString().getBytes(StandardCharsets.US_ASCII);
                client.sendTo(asked, payload);
                assertArrayEquals(payload, client.receiveFrom(asked));
            }
            client6.assertEchoes(new byte[3]);
            assertEquals(0, forwarder.stop());
            assertEquals(addresses + 1, forwarder.total("udp_sessions_opened"));
        }
    }

    /** DSCP EF and ECT(0) on the way there, AF11 and CE on the way back. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "::1, ::1", "::1, 127.0.0.1", "127.0.0.1, ::1"})
    void shouldCarryTrafficClassAndEcnBothWays(String listen, String server) throws Exception {
        try (UdpPeer backend = new UdpPeer(server);
                ForwarderProcess forwarder = start(backend.address(), listen);
                UdpPeer client = new UdpPeer(listen)) {
            Endpoint service = new Endpoint(IpAddress.parse(listen).orElseThrow(), port);
            for (int there : new int[] {0xba, 0, 0x01, 0xb8, 0x03}) {
                int back = there == 0 ? 0 : 0x2b;
                client.send(new byte[] {1}, service, there);
                UdpPeer.Datagram request = backend.receive();
                assertEquals(there, request.trafficClass());
                backend.send(new byte[] {2}, request.source(), back);
                UdpPeer.Datagram reply = client.receive();
                assertEquals(back, reply.trafficClass());
                assertEquals(service, reply.source());
            }
            assertEquals(0, forwarder.stop());
        }
    }

    /** As QUIC senders do: one system call, many datagrams, in order and each as long as it was. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 1200, 48000", "127.0.0.1, 1200, 30001", "127.0.0.1, 9, 571", "::1, 1232, 61600"})
    void shouldCarryBurstsThatTheKernelCuts(String listen, int each, int length) throws Exception {
        byte[] burst = new byte[length];
        random.nextBytes(burst);
        int count = (length + each - 1) / each;
        try (UdpPeer backend = new UdpPeer(listen);
                ForwarderProcess forwarder = start(backend.address(), listen);
                UdpPeer client = new UdpPeer(listen)) {
            // Twice: by a client that is new, and by one that is known.
            for (int round = 0; round < 2; round++) {
                client.sendCut(burst, each, new Endpoint(IpAddress.parse(listen).orElseThrow(), port));
                Endpoint session = assertReceived(backend, burst, each);
                backend.sendCut(burst, each, session);
                assertReceived(client, burst, each);
            }
            assertEquals(0, forwarder.stop());
            assertEquals(2L * count, forwarder.total("udp_datagrams_from_clients"));
            assertEquals(2L * count, forwarder.total("udp_datagrams_to_backends"));
            assertEquals(2L * count, forwarder.total("udp_datagrams_from_backends"));
            assertEquals(2L * count, forwarder.total("udp_datagrams_to_clients"));
        }
    }

    private static Endpoint assertReceived(UdpPeer peer, byte[] burst, int each) throws Exception {
        Endpoint source = null;
        for (int at = 0; at < burst.length; at += each) {
            UdpPeer.Datagram datagram = peer.receive();
            assertArrayEquals(
                    Arrays.copyOfRange(burst, at, Math.min(at + each, burst.length)), datagram.payload(), "at " + at);
            source = datagram.source();
        }
        return source;
    }

    private ForwarderProcess start(String backend, String listen) throws Exception {
        Endpoint endpoint = new Endpoint(IpAddress.parse(listen).orElseThrow(), port);
        return ForwarderProcess.start(
                directory,
                ForwarderYaml.to(port, backend)
                        .listen("\"" + endpoint + "\"")
                        .service("protocol: udp")
                        .text());
    }
}
