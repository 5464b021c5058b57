package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that do what nobody would ask for: nothing is corrupted, nothing is left, and every datagram is accounted for. */
@Timeout(120)
@SuppressWarnings("try") // Some backends only have to be there.
class UdpPressureIT {
    /** Of a datagram's head: its client, its number, and the CRC of the rest. */
    private static final int HEAD_BYTES = 16;

    private static final int MAX_BYTES = 65_507;

    /** Counters of datagrams from clients that went to no backend. */
    private static final List<String> DROPPED = List.of(
            "udp_truncated",
            "udp_newcomers_dropped",
            "udp_refused_stopping",
            "udp_refused_no_service",
            "udp_refused_no_backend",
            "udp_refused_backends_full",
            "udp_refused_denied",
            "udp_refused_source_sessions",
            "udp_refused_source_rate",
            "udp_refused_rate",
            "udp_refused_full",
            "udp_refused_no_resources",
            "udp_refused_no_port",
            "udp_refused_no_source",
            "udp_to_backends_too_long",
            "udp_to_backends_queue_full",
            "udp_to_backends_failed");

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private final Random random = new Random(66);

    /** Bursts of all sizes by many clients at once; a client waits for its replies before its next burst. */
    @Test
    void shouldCorruptNothingUnderBurstsOfRandomSizes() throws Exception {
        int rounds = 40;
        List<DatagramClient> clients = new ArrayList<>();
        try (UdpBackend backend = UdpBackend.echo();
                ForwarderProcess forwarder = start(yaml(backend))) {
            long sent = 0;
            for (int i = 0; i < 50; i++) {
                clients.add(DatagramClient.of(port));
            }
            for (int round = 0; round < rounds; round++) {
                int[] bursts = new int[clients.size()];
                // All of a round together fit the smallest buffer on the way, the kernel's usual 208 KiB.
                int budget = 100_000;
                for (int i = 0; i < bursts.length && budget > 0; i++) {
                    bursts[i] = random.nextInt(4);
                    for (int number = 0; number < bursts[i]; number++) {
                        byte[] datagram = datagram(i, number, size());
                        budget -= datagram.length + 1_000;
                        clients.get(i).send(datagram);
                    }
                    sent += bursts[i];
                }
                for (int i = 0; i < bursts.length; i++) {
                    assertReplies(clients.get(i), i, bursts[i]);
                }
            }
            assertEquals(0, forwarder.stop());
            assertEquals(sent, forwarder.total("udp_datagrams_from_clients"));
            assertEquals(sent, forwarder.total("udp_datagrams_to_clients"));
            assertAccounted(forwarder);
        } finally {
            clients.forEach(DatagramClient::close);
        }
    }

    /** Mostly small, as traffic is; now and then as large as can be. */
    private int size() {
        int bits = 4 + random.nextInt(13);
        return HEAD_BYTES + Math.min(MAX_BYTES - HEAD_BYTES, random.nextInt(1 << bits));
    }

    private byte[] datagram(int client, int number, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        ByteBuffer.wrap(bytes).putInt(client).putInt(number).putLong(crc(bytes));
        return bytes;
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes, HEAD_BYTES, bytes.length - HEAD_BYTES);
        return crc.getValue();
    }

    /** Each of them once, whole, and this client's own. */
    private static void assertReplies(DatagramClient client, int id, int count) throws Exception {
        Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < count; i++) {
            byte[] reply = client.receive();
            ByteBuffer head = ByteBuffer.wrap(reply);
            assertEquals(id, head.getInt());
            assertTrue(numbers.add(head.getInt()), "came twice");
            assertEquals(crc(reply), head.getLong());
        }
        assertEquals(count, numbers.size());
    }

    /** Replies to nobody bring ICMP errors to the listener's socket, which many clients share. */
    @Test
    void shouldServeOthersWhenClientsVanish() throws Exception {
        try (UdpBackend backend = UdpBackend.echo();
                ForwarderProcess forwarder = start(yaml(backend));
                DatagramClient good = DatagramClient.of(port)) {
            for (int i = 0; i < 500; i++) {
                try (DatagramClient gone = DatagramClient.of(port)) {
                    gone.send(datagram(i, 0, 100));
                }
                good.assertEchoes(datagram(i, 1, 100 + i));
            }
            Await.until("answers to all", () -> backend.received() == 1_000);
            assertEquals(0, forwarder.stop());
            // Fewer than clients where the kernel gives a port twice.
            assertTrue(forwarder.total("udp_sessions_opened") <= 501, forwarder::log);
            assertAccounted(forwarder);
        }
    }

    /** Nobody is told of datagrams that a dead backend has lost, but the session works again as soon as it is back. */
    @Test
    void shouldGoOnWhenTheOnlyBackendComesBack() throws Exception {
        int backendPort = Ports.free();
        List<DatagramClient> clients = new ArrayList<>();
        try (ForwarderProcess forwarder =
                start(ForwarderYaml.to(port, "127.0.0.1:" + backendPort).service("protocol: udp"))) {
            for (int i = 0; i < 20; i++) {
                clients.add(DatagramClient.of(port));
            }
            for (int round = 0; round < 5; round++) {
                try (UdpBackend backend = UdpBackend.echoAt("127.0.0.1", backendPort)) {
                    for (DatagramClient client : clients) {
                        client.assertEchoes(datagram(round, 0, 64));
                    }
                }
                long unreachable = unreachable(forwarder);
                for (DatagramClient client : clients) {
                    client.send(datagram(round, 1, 64));
                }
                Await.until("ICMP errors", () -> unreachable(forwarder) > unreachable);
            }
            assertEquals(0, forwarder.stop());
            assertEquals(clients.size(), forwarder.total("udp_sessions_opened"));
            assertEquals(200, forwarder.total("udp_datagrams_from_clients"));
            assertAccounted(forwarder);
        } finally {
            clients.forEach(DatagramClient::close);
        }
    }

    private static long unreachable(ForwarderProcess forwarder) throws Exception {
        return forwarder.askTotals().getOrDefault("udp_backends_unreachable", 0L);
    }

    @Test
    void shouldLeaveNothingOfThousandsOfShortSessions() throws Exception {
        int sessions = 3_000;
        try (UdpBackend backend = UdpBackend.echo();
                ForwarderProcess forwarder = start(yaml(backend).service("responses: 1"))) {
            oneSession(0);
            int before = forwarder.openKernelObjects();
            for (int i = 1; i < sessions; i++) {
                oneSession(i);
            }
            forwarder.awaitKernelObjects(before);
            assertEquals(0, forwarder.stop());
            assertEquals(sessions, forwarder.total("udp_sessions_opened"));
            assertEquals(sessions, forwarder.total("udp_ended_completed"));
            assertAccounted(forwarder);
        }
    }

    private void oneSession(int id) throws Exception {
        try (DatagramClient client = DatagramClient.of(port)) {
            client.assertEchoes(datagram(id, 0, HEAD_BYTES + id));
        }
    }

    /** A backend that never answers, silence, and then no descriptor is left. */
    @Test
    void shouldEndIdleSessions() throws Exception {
        try (UdpBackend silent = UdpBackend.running(request -> null);
                ForwarderProcess forwarder = start(yaml(silent).service("timeouts: { idle: 1s }"))) {
            int before = forwarder.openKernelObjects();
            for (int i = 0; i < 500; i++) {
                try (DatagramClient client = DatagramClient.of(port)) {
                    client.send(datagram(i, 0, 64));
                }
            }
            Await.until("all there", () -> silent.received() == 500);
            forwarder.awaitKernelObjects(before);
            assertEquals(0, forwarder.stop());
            // Fewer than clients where the kernel gives a port twice.
            assertEquals(forwarder.total("udp_sessions_opened"), forwarder.total("udp_ended_idle"));
            assertAccounted(forwarder);
        }
    }

    /** A refused burst is as many datagrams as it was cut into. */
    @Test
    void shouldAccountForBurstsOfClientsThatAreRefused() throws Exception {
        try (UdpBackend backend = UdpBackend.echo();
                ForwarderProcess forwarder = start(yaml(backend).service("deny: [\"127.0.0.1\"]"));
                UdpPeer client = new UdpPeer("127.0.0.1")) {
            client.sendCut(
                    new byte[12_000],
                    1_200,
                    new Endpoint(IpAddress.parse("127.0.0.1").orElseThrow(), port));
            Await.until("the burst", () -> forwarder.askTotals().getOrDefault("udp_datagrams_from_clients", 0L) == 10);
            assertEquals(0, forwarder.stop());
            assertEquals(10, forwarder.total("udp_refused_denied"));
            assertAccounted(forwarder);
        }
    }

    /** Two thousand clients where ten may be: those that are refused are counted, those that are there lose nothing. */
    @Test
    void shouldAccountForClientsBeyondTheLimit() throws Exception {
        List<DatagramClient> good = new ArrayList<>();
        try (UdpBackend backend = UdpBackend.echo();
                ForwarderProcess forwarder = start(yaml(backend).service("limits: { connections: 10 }"))) {
            for (int i = 0; i < 10; i++) {
                good.add(DatagramClient.of(port));
                // A second time, after a reply: this client is there.
                good.get(i).assertEchoes(datagram(i, 0, 64));
                good.get(i).assertEchoes(datagram(i, 1, 64));
            }
            for (int i = 0; i < 2_000; i++) {
                try (DatagramClient stranger = DatagramClient.of(port)) {
                    stranger.send(datagram(i, 0, 64));
                }
                if (i % 20 == 0) {
                    good.get(i / 20 % 10).assertEchoes(datagram(i, 1, 64));
                }
            }
            Await.until(
                    "all of them", () -> forwarder.askTotals().getOrDefault("udp_datagrams_from_clients", 0L) == 2_120);
            assertEquals(0, forwarder.stop());
            assertEquals(10, forwarder.total("udp_sessions_opened"));
            assertEquals(2_000, forwarder.total("udp_refused_full"));
            assertAccounted(forwarder);
        } finally {
            good.forEach(DatagramClient::close);
        }
    }

    /** What every client has is with the same backend before and after; nothing is lost while files change. */
    @Test
    void shouldKeepSessionsThroughReloads() throws Exception {
        List<DatagramClient> clients = new ArrayList<>();
        try (UdpBackend one = UdpBackend.running(request -> new byte[] {1});
                UdpBackend two = UdpBackend.running(request -> new byte[] {2});
                UdpBackend three = UdpBackend.running(request -> new byte[] {3});
                ForwarderProcess forwarder = start(yaml(one, two))) {
            byte[] owners = new byte[100];
            for (int i = 0; i < owners.length; i++) {
                clients.add(DatagramClient.of(port));
                owners[i] = ask(clients.get(i));
            }
            for (int change = 1; change <= 6; change++) {
                forwarder.offer((change % 2 == 0 ? yaml(one, two) : yaml(one, two, three)).text());
                // While the file is read, and after.
                assertEquals(Arrays.toString(owners), Arrays.toString(askAll(clients)));
                forwarder.awaitLogged(change, "event=config-applied");
                assertEquals(Arrays.toString(owners), Arrays.toString(askAll(clients)));
            }
            assertEquals(0, three.received());
            assertEquals(0, forwarder.stop());
            assertEquals(owners.length, forwarder.total("udp_sessions_opened"));
            assertAccounted(forwarder);
        } finally {
            clients.forEach(DatagramClient::close);
        }
    }

    private static byte[] askAll(List<DatagramClient> clients) throws Exception {
        byte[] answers = new byte[clients.size()];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = ask(clients.get(i));
        }
        return answers;
    }

    private static byte ask(DatagramClient client) throws Exception {
        client.send(new byte[] {0});
        return client.receive()[0];
    }

    private ForwarderYaml yaml(UdpBackend... backends) {
        return ForwarderYaml.to(
                        port, Arrays.stream(backends).map(UdpBackend::address).toArray(String[]::new))
                .service("protocol: udp");
    }

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return ForwarderProcess.start(directory, yaml.text());
    }

    /** Of a forwarder that has stopped: what came from clients went to backends, or was dropped and counted. */
    private static void assertAccounted(ForwarderProcess forwarder) {
        long dropped = DROPPED.stream().mapToLong(forwarder::total).sum();
        assertEquals(
                forwarder.total("udp_datagrams_from_clients"),
                forwarder.total("udp_datagrams_to_backends") + dropped,
                forwarder::log);
    }
}
