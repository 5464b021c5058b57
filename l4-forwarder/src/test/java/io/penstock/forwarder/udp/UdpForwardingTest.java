package io.penstock.forwarder.udp;

import static io.penstock.forwarder.udp.RunningUdp.backend;
import static io.penstock.forwarder.udp.RunningUdp.payload;
import static io.penstock.forwarder.udp.RunningUdp.receive;
import static io.penstock.forwarder.udp.RunningUdp.reply;
import static io.penstock.forwarder.udp.RunningUdp.service;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.table.UdpOptions;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams through a worker on its thread, between real clients and backends. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class UdpForwardingTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 512, 1400, 1472, 1473, 9000, 65_506, 65_507})
    void shouldCarryDatagramsOfEverySizeBothWays(int length) throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(service(UdpOptions.DEFAULT, backend(server)))) {
            DatagramSocket client = running.client();
            byte[] query = random(length);
            running.send(client, query);
            DatagramPacket received = receive(server);
            assertArrayEquals(query, payload(received));
            byte[] answer = random(length + 1);
            reply(server, received.getSocketAddress(), length == 65_507 ? query : answer);
            assertArrayEquals(length == 65_507 ? query : answer, payload(receive(client)));
            running.awaitCounter(UdpCounter.DATAGRAMS_TO_CLIENTS, 1);
            assertEquals(length, running.counter(UdpCounter.BYTES_TO_BACKENDS));
            assertEquals(1, running.counter(UdpCounter.SESSIONS_OPENED));
        }
    }

    @Test
    void shouldKeepEachClientsDatagramsApartAndInOrder() throws Exception {
        int clients = 8;
        int each = 200;
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(service(UdpOptions.DEFAULT, backend(server)))) {
            DatagramSocket[] sockets = new DatagramSocket[clients];
            for (int i = 0; i < clients; i++) {
                sockets[i] = running.client();
            }
            for (int round = 0; round < each; round++) {
                for (int i = 0; i < clients; i++) {
                    // Lengths that let neighbours go as one, now and then.
                    byte[] message = new byte[2 + round / 7 % 3];
                    message[0] = (byte) i;
                    message[1] = (byte) round;
                    running.send(sockets[i], message);
                }
            }
            int[] next = new int[clients];
            for (int i = 0; i < clients * each; i++) {
                DatagramPacket packet = receive(server);
                byte[] message = payload(packet);
                assertEquals((byte) next[message[0]]++, message[1], "of client " + message[0]);
                reply(server, packet.getSocketAddress(), message);
            }
            for (int i = 0; i < clients; i++) {
                for (int round = 0; round < each; round++) {
                    byte[] message = payload(receive(sockets[i]));
                    assertEquals(i, message[0]);
                    assertEquals((byte) round, message[1]);
                }
            }
            assertEquals(clients, running.counter(UdpCounter.SESSIONS_OPENED));
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
