package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A client's socket. Not connected: the JDK would not send empty datagrams, and the kernel would hide a wrong source. */
final class DatagramClient implements AutoCloseable {
    private static final int TIMEOUT_MS = 15_000;
    private static final int BUFFER_BYTES = 4 << 20;

    private final DatagramSocket socket;
    private final InetSocketAddress server;

    /** @param source 127.0.0.1 for example, or a wildcard */
    DatagramClient(String source, String server, int port) throws IOException {
        this.server = new InetSocketAddress(server, port);
        socket = new DatagramSocket(new InetSocketAddress(source, 0));
        socket.setReceiveBufferSize(BUFFER_BYTES);
        socket.setSoTimeout(TIMEOUT_MS);
    }

    static DatagramClient of(int port) throws IOException {
        return new DatagramClient("127.0.0.1", "127.0.0.1", port);
    }

    int port() {
        return socket.getLocalPort();
    }

    void send(byte[] payload) throws IOException {
        sendTo(server, payload);
    }

    void sendTo(InetSocketAddress to, byte[] payload) throws IOException {
        socket.send(new DatagramPacket(payload, payload.length, to));
    }

    /** The next datagram, which must come in time, and from the server. */
    byte[] receive() throws IOException {
        return receiveFrom(server);
    }

    byte[] receiveFrom(InetSocketAddress from) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[UdpBackend.MAX_BYTES], UdpBackend.MAX_BYTES);
        socket.receive(packet);
        assertEquals(from, packet.getSocketAddress());
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    /** Whether nothing comes within this time. */
    boolean isSilent(int ms) throws IOException {
        socket.setSoTimeout(ms);
        try {
            socket.receive(new DatagramPacket(new byte[1], 1));
            return false;
        } catch (SocketTimeoutException nothing) {
            return true;
        } finally {
            socket.setSoTimeout(TIMEOUT_MS);
        }
    }

    /** There and back over an echoing backend. */
    void assertEchoes(byte[] payload) throws IOException {
        send(payload);
        assertArrayEquals(payload, receive());
    }

    String ask(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
        return new String(receive(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        socket.close();
    }
}
