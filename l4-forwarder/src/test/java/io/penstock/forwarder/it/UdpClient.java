package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A client of UDP with a port of its own, and so with a session of its own. */
final class UdpClient implements AutoCloseable {
    private static final int ANSWER_LIMIT_MS = 20_000;

    private final DatagramSocket socket;
    private int asked;

    /** Of the forwarder at this port of 127.0.0.1. */
    UdpClient(int port) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        socket = new DatagramSocket(new InetSocketAddress(loopback, 0));
        socket.connect(loopback, port);
        socket.setSoTimeout(ANSWER_LIMIT_MS);
    }

    int port() {
        return socket.getLocalPort();
    }

    void send(String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(octets, octets.length));
    }

    String receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1_500], 1_500);
        socket.receive(packet);
        return UdpServer.text(packet);
    }

    /** The name of the server that answers a question that was not asked before. */
    String ask() throws IOException {
        asked++;
        send("q" + asked);
        String answer = receive();
        assertEquals("q" + asked, answer.substring(1));
        return answer.substring(0, 1);
    }

    @Override
    public void close() {
        socket.close();
    }
}
