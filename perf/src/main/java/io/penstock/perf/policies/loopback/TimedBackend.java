package io.penstock.perf.policies.loopback;

import io.penstock.perf.policies.scenario.QueueingServer;
import io.penstock.perf.policies.scenario.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A backend whose work is waiting: it answers a request with its own number when the time is over, and closes when its
 * client has. May stop listening and begin again, on the same port.
 */
final class TimedBackend {
    private static final int BACKLOG = 1_024;

    private final Reactor reactor;
    private final int number;
    private final int port;
    private final QueueingServer server;
    private ServerSocketChannel listener;
    private SelectionKey key;

    /** Does not listen yet. */
    TimedBackend(Reactor reactor, int number, int port) {
        this.reactor = reactor;
        this.number = number;
        this.port = port;
        server = new QueueingServer(reactor, Scenario.SERVERS);
    }

    int port() {
        return port;
    }

    void listen() {
        try {
            listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            listener.configureBlocking(false);
            key = reactor.watch(listener, SelectionKey.OP_ACCEPT, this::acceptAll);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Refuses from now on; what was accepted, or waits to be, is served. Only out of a timer. */
    void refuse() {
        try {
            // Now rather than with the close, which would then wait for the selector.
            key.cancel();
            reactor.release();
            acceptAll();
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void acceptAll() {
        try {
            for (SocketChannel accepted = listener.accept(); accepted != null; accepted = listener.accept()) {
                new Served(accepted).start();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One connection: a client's, or a health check's, which says nothing. */
    private final class Served {
        private final SocketChannel channel;
        private final ByteBuffer request = ByteBuffer.allocate(Wire.REQUEST_BYTES);

        Served(SocketChannel channel) {
            this.channel = channel;
        }

        void start() throws IOException {
            channel.configureBlocking(false);
            reactor.watch(channel, SelectionKey.OP_READ, this::onReadable);
        }

        private void onReadable() {
            try {
                // Once the request is whole the buffer has no room, and a client's end would read as 0 bytes.
                if (!request.hasRemaining()) {
                    channel.close();
                } else if (channel.read(request) < 0) {
                    channel.close();
                } else if (!request.hasRemaining()) {
                    server.accept(Scenario.serviceNs(number, request.getLong(0)), this::answer);
                }
            } catch (IOException reset) {
                close();
            }
        }

        private void answer() {
            try {
                channel.write(ByteBuffer.allocate(Wire.RESPONSE_BYTES).put(0, (byte) number));
            } catch (IOException clientHasGone) {
                close();
            }
        }

        private void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
