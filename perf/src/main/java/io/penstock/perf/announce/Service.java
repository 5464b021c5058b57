package io.penstock.perf.announce;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** What a VIP stands for: it takes connections on loopback, or refuses them. */
final class Service implements AutoCloseable {
    private final int port;
    private ServerSocket listening;

    private Service(ServerSocket listening) {
        this.listening = listening;
        port = listening.getLocalPort();
        accept(listening);
    }

    static Service start() throws IOException {
        return new Service(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    int port() {
        return port;
    }

    private static void accept(ServerSocket listening) {
        Thread accepting = new Thread(
                () -> {
                    try {
                        while (true) {
                            Socket client = listening.accept();
                            client.close();
                        }
                    } catch (IOException refusedFromNowOn) {
                        // The socket was closed.
                    }
                },
                "service");
        accepting.setDaemon(true);
        accepting.start();
    }

    void refuse() throws IOException {
        listening.close();
    }

    void takeAgain() throws IOException {
        listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        accept(listening);
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
