package io.penstock.forwarder.it;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A UDP server on a thread of its own, which answers each datagram by itself. {@link #close} ends it. */
final class UdpBackend implements AutoCloseable {
    /** Longer than any datagram. */
    static final int MAX_BYTES = 65_536;

    private static final int BUFFER_BYTES = 4 << 20;

    /** The answer to a datagram; null for none. */
    interface Script {
        byte[] answer(byte[] request);
    }

    private final DatagramSocket socket;
    private final Script script;
    private final Set<SocketAddress> sources = ConcurrentHashMap.newKeySet();
    private final AtomicInteger received = new AtomicInteger();
    private final Thread thread = new Thread(this::serve, "udp-backend");

    private UdpBackend(String address, int port, Script script) throws IOException {
        this.script = script;
        socket = new DatagramSocket(new InetSocketAddress(address, port));
        socket.setReceiveBufferSize(BUFFER_BYTES);
        thread.start();
    }

    /** At a free port of 127.0.0.1. */
    static UdpBackend running(Script script) throws IOException {
        return at("127.0.0.1", Ports.free(), script);
    }

    static UdpBackend at(String address, int port, Script script) throws IOException {
        return new UdpBackend(address, port, script);
    }

    static UdpBackend echo() throws IOException {
        return running(request -> request);
    }

    static UdpBackend echoAt(String address, int port) throws IOException {
        return at(address, port, request -> request);
    }

    private void serve() {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_BYTES], MAX_BYTES);
        while (!socket.isClosed()) {
            try {
                packet.setLength(MAX_BYTES);
                socket.receive(packet);
                received.incrementAndGet();
                sources.add(packet.getSocketAddress());
                byte[] answer = script.answer(Arrays.copyOf(packet.getData(), packet.getLength()));
                if (answer != null) {
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException closedOrTooLong) {
                // The client finds that there is no answer.
            }
        }
    }

    /** As the configuration has it. */
    String address() {
        String host = socket.getLocalAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port();
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Datagrams so far. */
    int received() {
        return received.get();
    }

    /** Where datagrams came from. */
    Set<SocketAddress> sources() {
        return Set.copyOf(sources);
    }

    @Override
    public void close() {
        socket.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
