package io.penstock.forwarder.udp;

import static io.penstock.forwarder.udp.RunningUdp.LOOPBACK;
import static io.penstock.forwarder.udp.RunningUdp.service;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.IpAddress;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes with a datagram through a worker: where it came from, its group, its traffic class. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class UdpCarriageTest {
    @ParameterizedTest
    @CsvSource({"1400, 14000", "1400, 13999", "512, 32768", "1, 64", "1400, 65000"})
    void shouldPassGroupsOnBothWays(int each, int length) throws Exception {
        byte[] payload = new byte[Math.min(length, each * 64 / each * each)];
        new Random(length).nextBytes(payload);
        try (RawUdp server = new RawUdp("127.0.0.1");
                RawUdp client = new RawUdp("127.0.0.1");
                RunningUdp running = RunningUdp.start(service(UdpOptions.DEFAULT, backend(server)))) {
            // The first is copied on its way, later ones are not.
            for (int round = 0; round < 2; round++) {
                client.send(LOOPBACK, running.port, each, 0, payload);
                assertArrayEquals(payload, server.receive());
                assertEquals(each, server.received.segmentBytes(0));
                server.reply(each, 0, payload);
                assertArrayEquals(payload, client.receive());
                assertEquals(each, client.received.segmentBytes(0));
                assertEquals(running.port, client.received.sourcePort(0));
            }
            int datagrams = 2 * ((payload.length + each - 1) / each);
            running.awaitCounter(UdpCounter.DATAGRAMS_TO_CLIENTS, datagrams);
            assertEquals(datagrams, running.counter(UdpCounter.DATAGRAMS_FROM_CLIENTS));
            assertEquals(datagrams, running.counter(UdpCounter.DATAGRAMS_TO_BACKENDS));
            assertEquals(datagrams, running.counter(UdpCounter.DATAGRAMS_FROM_BACKENDS));
            assertEquals(2L * payload.length, running.counter(UdpCounter.BYTES_TO_BACKENDS));
            assertEquals(2L * payload.length, running.counter(UdpCounter.BYTES_TO_CLIENTS));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldCarryTrafficClassBothWays(String literal) throws Exception {
        try (RawUdp server = new RawUdp(literal);
                RawUdp client = new RawUdp(literal);
                RunningUdp running = RunningUdp.start(
                        new LinuxSyscalls(),
                        service(UdpOptions.DEFAULT, backend(server)),
                        server.address(),
                        false,
                        new SessionLimit(10))) {
            for (int trafficClass : new int[] {0, 0xb8, 0x03, 0}) {
                client.send(client.address(), running.port, 100, trafficClass, new byte[100]);
                server.receive();
                assertEquals(trafficClass, server.received.trafficClass(0));
                server.reply(100, trafficClass, new byte[100]);
                client.receive();
                assertEquals(trafficClass, client.received.trafficClass(0));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, false, 127.0.0.5", "::, true, 127.0.0.5", "::, true, ::1", "::, false, ::1"})
    void shouldReplyFromTheAddressThatWasAskedAtWildcard(String wildcard, boolean dualStack, String asked)
            throws Exception {
        try (RawUdp server = new RawUdp("127.0.0.1");
                RawUdp client = new RawUdp(asked.equals("::1") ? "::1" : "127.0.0.9");
                RunningUdp running = RunningUdp.start(
                        new LinuxSyscalls(),
                        service(UdpOptions.DEFAULT, backend(server)),
                        IpAddress.parse(wildcard).orElseThrow(),
                        dualStack,
                        new SessionLimit(10))) {
            IpAddress address = IpAddress.parse(asked).orElseThrow();
            client.send(address, running.port, 1, 0x20, (byte) 1);
            server.receive();
            server.reply(2, 0x20, (byte) 2, (byte) 3);
            assertArrayEquals(new byte[] {2, 3}, client.receive());
            assertEquals(address, new IpAddress(client.received.sourceHigh(0), client.received.sourceLow(0)));
            assertEquals(running.port, client.received.sourcePort(0));
            assertEquals(0x20, client.received.trafficClass(0));
        }
    }

    /** One client at two addresses of a wildcard has two sessions, and each its own replies. */
    @Test
    void shouldKeepAddressesOfOneWildcardApart() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(
                        new LinuxSyscalls(),
                        service(UdpOptions.DEFAULT, RunningUdp.backend(server)),
                        IpAddress.ANY_IPV4,
                        false,
                        new SessionLimit(10))) {
            DatagramSocket client = running.client();
            for (String asked : new String[] {"127.0.0.1", "127.0.0.2"}) {
                running.sendTo(asked, client, (byte) 1);
                DatagramPacket query = RunningUdp.receive(server);
                RunningUdp.reply(server, query.getSocketAddress(), (byte) 2);
                InetSocketAddress from =
                        (InetSocketAddress) RunningUdp.receive(client).getSocketAddress();
                assertEquals(asked, from.getAddress().getHostAddress());
            }
            assertEquals(2, running.counter(UdpCounter.SESSIONS_OPENED));
        }
    }

    @Test
    void shouldUseTheClientsPortWhereTheBackendHasNone() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.7")) {
            Backend backend = Pools.backend("b", IpAddress.of(server.getLocalAddress()), 0, 1);
            try (RunningUdp running = RunningUdp.startAt(server.getLocalPort(), service(UdpOptions.DEFAULT, backend))) {
                running.send(running.client(), (byte) 7);
                assertArrayEquals(new byte[] {7}, RunningUdp.payload(RunningUdp.receive(server)));
            }
        }
    }

    private static Backend backend(RawUdp server) {
        return Pools.backend("b", server.address(), server.port(), 1);
    }
}
