package io.penstock.ecmp.it;

import io.penstock.testing.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP server of a network namespace that sends back what it gets. */
final class Backend implements AutoCloseable {
    private static final int BACKLOG = 64;

    private final ServerSocket listener;
    private final Set<Socket> accepted = ConcurrentHashMap.newKeySet();

    private Backend(ServerSocket listener) {
        this.listener = listener;
        thread(this::accept);
    }

    /** On every address. */
    static Backend start(NetworkNamespace namespace, int port) throws Exception {
        return new Backend(namespace.call(() -> {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new java.net.InetSocketAddress((InetAddress) null, port), BACKLOG);
            return socket;
        }));
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                accepted.add(socket);
                thread(() -> echo(socket));
            }
        } catch (SocketException closed) {
            // The end of the test, or of the backend.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void echo(Socket socket) {
        try (socket) {
            long unused = socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException gone) {
            // The client, or this backend.
        } finally {
            accepted.remove(socket);
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "backend");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }
}
