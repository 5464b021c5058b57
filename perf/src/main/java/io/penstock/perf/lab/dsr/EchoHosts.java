package io.penstock.perf.lab.dsr;

import io.penstock.net.IpAddress;
import io.penstock.perf.rig.NetworkNamespaces;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Sends datagrams back, on all backends and from every VIP: each socket is bound to one, since the kernel would answer from the host's own
 * address otherwise. One thread a socket; {@link #close} ends them.
 */
final class EchoHosts implements Closeable {
    static final int PORT = 7;

    private static final int OCTETS_MAX = 65_507;

    private final List<DatagramSocket> sockets = new CopyOnWriteArrayList<>();

    private EchoHosts() {}

    /** On the hosts of these namespaces. */
    static EchoHosts on(List<String> namespaces) throws IOException, InterruptedException {
        EchoHosts hosts = new EchoHosts();
        try {
            for (String namespace : namespaces) {
                for (Way way : Way.values()) {
                    for (IpAddress vip : way.vips()) {
                        hosts.begin(namespace, vip);
                    }
                }
            }
            return hosts;
        } catch (IOException e) {
            hosts.close();
            throw e;
        }
    }

    private void begin(String namespace, IpAddress vip) throws IOException, InterruptedException {
        FutureTask<DatagramSocket> binding = new FutureTask<>(() -> {
            NetworkNamespaces.enter(namespace);
            return new DatagramSocket(PORT, InetAddress.getByName(vip.toString()));
        });
        Thread thread = new Thread(
                () -> {
                    binding.run();
                    serve(binding);
                },
                "echo");
        thread.setDaemon(true);
        thread.start();
        try {
            sockets.add(binding.get());
        } catch (ExecutionException e) {
            throw new IOException("no echo on " + namespace + " at " + vip + ": " + e.getCause(), e);
        }
    }

    private static void serve(FutureTask<DatagramSocket> bound) {
        try (DatagramSocket socket = bound.get()) {
            DatagramPacket packet = new DatagramPacket(new byte[OCTETS_MAX], OCTETS_MAX);
            while (true) {
                packet.setLength(OCTETS_MAX);
                socket.receive(packet);
                socket.send(packet);
            }
        } catch (IOException | ExecutionException closed) {
            // Who began it knows.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        sockets.forEach(DatagramSocket::close);
    }
}
