package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that keep their sockets, each of which asks without a pause, one question after the other, and a backend that
 * answers with the port that it is asked from. A session that breaks has another port; a datagram that is lost ends it all.
 */
final class UdpSessions implements AutoCloseable {
    private static final int TIMEOUT_MS = 20_000;
    private static final int QUESTION_BYTES = 2 * Integer.BYTES;
    private static final int ANSWER_BYTES = 3 * Integer.BYTES;

    private final DatagramSocket backend = socket();
    private final List<Client> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;
    private volatile String failure;

    UdpSessions() throws IOException {
        start(this::serve, "udp-backend");
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(TIMEOUT_MS);
        return socket;
    }

    int backendPort() {
        return backend.getLocalPort();
    }

    /** At this port of this host. */
    void ask(int port, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Client client = new Client(port, clients.size());
            clients.add(client);
            start(client::run, "udp-client");
        }
    }

    private void start(Runnable action, String name) {
        Thread thread = new Thread(action, name);
        threads.add(thread);
        thread.start();
    }

    /** Waits until each has had so many more answers. */
    void awaitAnswers(int count) throws Exception {
        List<Integer> before =
                clients.stream().map(client -> client.answers.get()).toList();
        Await.until("each client has " + count + " more answers", () -> {
            for (int i = 0; i < before.size(); i++) {
                if (clients.get(i).answers.get() < before.get(i) + count) {
                    return failure != null;
                }
            }
            return true;
        });
        assertNoFailures();
    }

    void assertNoFailures() {
        assertNull(failure, failure);
    }

    private void serve() {
        DatagramPacket packet = new DatagramPacket(new byte[ANSWER_BYTES], ANSWER_BYTES);
        try {
            while (!stopping) {
                packet.setLength(ANSWER_BYTES);
                backend.receive(packet);
                ByteBuffer.wrap(packet.getData()).putInt(QUESTION_BYTES, packet.getPort());
                packet.setLength(ANSWER_BYTES);
                backend.send(packet);
            }
        } catch (IOException e) {
            fail("the backend: " + e);
        }
    }

    private void fail(String what) {
        if (!stopping && failure == null) {
            failure = what;
        }
    }

    private final class Client {
        private final DatagramSocket socket = socket();
        private final InetSocketAddress forwarder;
        private final int number;
        private final AtomicInteger answers = new AtomicInteger();

        private Client(int port, int number) throws IOException {
            forwarder = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            this.number = number;
        }

        private void run() {
            int seen = 0;
            try {
                while (!stopping && failure == null) {
                    int port = askOnce();
                    if (seen != 0 && port != seen) {
                        fail("client " + number + " was seen at port " + seen + " and then at " + port);
                    }
                    seen = port;
                    answers.incrementAndGet();
                }
            } catch (IOException | AssertionError e) {
                fail("client " + number + " after " + answers + " answers: " + e);
            }
        }

        private int askOnce() throws IOException {
            byte[] octets = new byte[ANSWER_BYTES];
            ByteBuffer.wrap(octets).putInt(number).putInt(answers.get());
            socket.send(new DatagramPacket(octets, QUESTION_BYTES, forwarder));
            DatagramPacket answer = new DatagramPacket(octets, ANSWER_BYTES);
            socket.receive(answer);
            ByteBuffer read = ByteBuffer.wrap(octets);
            assertEquals(ANSWER_BYTES, answer.getLength());
            assertEquals(number, read.getInt(), "another client's answer");
            assertEquals(answers.get(), read.getInt(), "another question's answer");
            return read.getInt();
        }
    }

    @Override
    public void close() {
        stopping = true;
        clients.forEach(client -> client.socket.close());
        backend.close();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
