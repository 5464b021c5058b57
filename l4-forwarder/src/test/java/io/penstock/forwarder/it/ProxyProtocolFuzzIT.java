package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.AddressPair;
import io.penstock.proxyprotocol.HeaderParser;
import io.penstock.proxyprotocol.Tlv;
import io.penstock.proxyprotocol.V1Writer;
import io.penstock.proxyprotocol.V2Writer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Malformed PROXY protocol headers by the tens of thousands: no backend hears of any, and nothing is left of them. */
@Timeout(240)
class ProxyProtocolFuzzIT {
    private static final int CONNECTIONS = 30_000;
    private static final int THREADS = 8;

    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void shouldConnectNobodyForAMalformedHeader() throws Exception {
        try (TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.of(port, echo)
                                .service("proxy-protocol: { from: [\"127.0.0.1\"] }")
                                .text())) {
            int before = forwarder.openKernelObjects();
            assertServes();
            forwarder.awaitKernelObjects(before);
            attack();
            forwarder.awaitKernelObjects(before);
            assertEquals(1, echo.accepted());
            assertServes();
            assertEquals(2, echo.accepted());
            assertEquals(0, forwarder.stop());
            assertEquals(CONNECTIONS, forwarder.total("closed_proxy_header_invalid"));
            assertEquals(5 + 5, forwarder.total("bytes_to_backends"));
        }
    }

    private void assertServes() throws IOException {
        try (Socket client = Clients.connect(port)) {
            Clients.write(client, "PROXY UNKNOWN\r\n");
            Clients.assertEchoes(client, "hello");
            client.shutdownOutput();
            Clients.assertEnded(client);
        }
    }

    private void attack() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> attackers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(i);
                attackers.add(threads.submit(() -> {
                    Malformed malformed = new Malformed(random);
                    for (int n = 0; n < CONNECTIONS / THREADS; n++) {
                        send(malformed.next(), random);
                    }
                    return null;
                }));
            }
            for (Future<?> attacker : attackers) {
                attacker.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** In one piece or two, then the end; until the answer, which is a reset. */
    private void send(byte[] octets, Random random) throws IOException {
        Socket client = Clients.connect(port);
        try (client) {
            int cut = random.nextInt(octets.length + 1);
            client.getOutputStream().write(octets, 0, cut);
            client.getOutputStream().write(octets, cut, octets.length - cut);
            client.shutdownOutput();
            assertEquals(-1, client.getInputStream().read());
            throw new AssertionError("no reset");
        } catch (IOException reset) {
            assertTrue(client.isConnected(), "a listener that no longer accepts");
        }
    }

    /** Headers that are right, but for a few bits, octets or ends. */
    private static final class Malformed {
        private final Random random;
        private final HeaderParser parser = new HeaderParser();
        private final AddressPair addresses = new AddressPair();
        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);

        Malformed(Random random) {
            this.random = random;
        }

        /** At least an octet, since an end without a word is no attempt at a header. */
        byte[] next() {
            while (true) {
                byte[] octets = damaged(header());
                if (octets.length > 0 && parser.parse(new UnsafeBuffer(octets), 0, octets.length) <= 0) {
                    return octets;
                }
            }
        }

        private byte[] header() {
            if (random.nextBoolean()) {
                addresses
                        .source(0, 0xffff_0000_0000L | random.nextInt(1 << 30), random.nextInt(65_536))
                        .destination(0, 0xffff_0000_0001L, random.nextInt(65_536));
            } else {
                addresses
                        .source(random.nextLong(), random.nextLong(), random.nextInt(65_536))
                        .destination(random.nextLong(), random.nextLong(), random.nextInt(65_536));
            }
            int length;
            if (random.nextBoolean()) {
                length = new V1Writer().write(buffer, 0, addresses);
            } else {
                length = new V2Writer()
                        .begin(buffer, 0, addresses)
                        .tlv(Tlv.AUTHORITY, new byte[random.nextInt(200)])
                        .end(random.nextBoolean());
            }
            return Arrays.copyOf(buffer.byteArray(), length);
        }

        private byte[] damaged(byte[] header) {
            byte[] octets = header.clone();
            int way = random.nextInt(4);
            if (way == 0) {
                octets = Arrays.copyOf(header, random.nextInt(header.length));
            } else if (way == 1) {
                octets = new byte[1 + random.nextInt(40)];
                random.nextBytes(octets);
            }
            for (int i = 1 + random.nextInt(4); i > 0 && octets.length > 0; i--) {
                octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
            }
            return octets;
        }
    }
}
