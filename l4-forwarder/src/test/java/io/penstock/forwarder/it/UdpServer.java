package io.penstock.forwarder.it;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A backend of UDP, with a name of one letter, that answers each datagram with its name and what was asked; but nothing to
 * {@link #HUSH}, and to {@link #LATER} only when {@link #answerHeld} is called.
 */
final class UdpServer implements AutoCloseable {
    static final String HUSH = "hush";
    static final String LATER = "later";

    private final String name;
    private final DatagramSocket socket;
    private final List<DatagramPacket> held = new ArrayList<>();

    /** At the address of the backend that has this name, where the checks' listener of TCP may be too. */
    UdpServer(NamedBackends backends, String name) throws IOException {
        this.name = name;
        String address = backends.address(name);
        int colon = address.indexOf(':');
        socket = new DatagramSocket(
                new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
        new Thread(this::serve, "udp-" + name).start();
    }

    private void serve() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[1_500], 1_500);
                socket.receive(packet);
                onAsked(packet);
            }
        } catch (SocketException closed) {
            // The test is over.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void onAsked(DatagramPacket packet) throws IOException {
        String asked = text(packet);
        if (asked.equals(LATER)) {
            synchronized (held) {
                held.add(packet);
            }
        } else if (!asked.equals(HUSH)) {
            answer(packet);
        }
    }

    private void answer(DatagramPacket packet) throws IOException {
        byte[] answer = (name + text(packet)).getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
    }

    static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    int held() {
        synchronized (held) {
            return held.size();
        }
    }

    void answerHeld() throws IOException {
        synchronized (held) {
            for (DatagramPacket packet : held) {
                answer(packet);
            }
            held.clear();
        }
    }

    /** With the socket its thread ends. */
    @Override
    public void close() {
        socket.close();
    }
}
