package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** What the peers of the forwarder do with their sockets. Every socket has a timeout. */
final class Clients {
    static final int TIMEOUT_MS = 15_000;

    private Clients() {}

    static Socket connect(int port) throws IOException {
        return connect(new Socket(), "127.0.0.1", port);
    }

    static Socket connect(String host, int port) throws IOException {
        return connect(new Socket(), host, port);
    }

    /** From this address. */
    static Socket connectFrom(String source, int port) throws IOException {
        return connectFrom(new Socket(), source, port);
    }

    /** From this address, for a socket that was prepared. */
    static Socket connectFrom(Socket socket, String source, int port) throws IOException {
        socket.bind(new InetSocketAddress(source, 0));
        return connect(socket, "127.0.0.1", port);
    }

    /** For a socket that was prepared. */
    static Socket connect(Socket socket, String host, int port) throws IOException {
        try {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), TIMEOUT_MS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** What the backend says until it ends. */
    static String ask(int port) throws IOException {
        try (Socket socket = connect(port)) {
            return readToEnd(socket);
        }
    }

    static String readToEnd(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
    }

    static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** One message there and back over an echoing backend. */
    static void assertEchoes(Socket socket, String text) throws IOException {
        write(socket, text);
        assertEquals(text, read(socket, text.length()));
    }

    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    static void assertEnded(Socket socket) throws IOException {
        assertEquals(-1, socket.getInputStream().read());
    }

    /** As {@link #assertResetOnArrival(String, int)}, at 127.0.0.1. */
    static void assertResetOnArrival(int port) {
        assertResetOnArrival("127.0.0.1", port);
    }

    /** A client is accepted and reset, which its connect may be the first to find. */
    static void assertResetOnArrival(String host, int port) {
        SocketException reset = assertThrows(SocketException.class, () -> {
            try (Socket client = connect(host, port)) {
                client.getInputStream().read();
            }
        });
        assertTrue(String.valueOf(reset.getMessage()).contains("reset"), reset.toString());
    }

    /** The next read finds a reset, not the end of the stream, and not after a timeout. */
    static void assertReset(Socket socket) {
        SocketException reset = assertThrows(
                SocketException.class, () -> socket.getInputStream().read());
        assertTrue(String.valueOf(reset.getMessage()).contains("reset"), reset.toString());
    }
}
