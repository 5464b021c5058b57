package io.penstock.perf.policies.loopback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** A client's connection with its one request. Stays open after the answer until it is closed or reset. */
final class Exchange {
    /** Hears how it went, once. */
    interface Listener {
        void onAnswer(Exchange exchange, int backend);

        /**
         * The connection is closed.
         *
         * @param reason for people
         */
        void onFailure(Exchange exchange, String reason);
    }

    private final Listener listener;
    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(Wire.REQUEST_BYTES);
    private SelectionKey key;

    private Exchange(Listener listener, SocketChannel channel) {
        this.listener = listener;
        this.channel = channel;
    }

    /**
     * Begins to connect; the listener hears nothing before this returns.
     *
     * @param from with port 0 for any
     * @param workNs that is asked for
     */
    static Exchange begin(
            Reactor reactor, InetSocketAddress from, InetSocketAddress to, long workNs, Listener listener) {
        try {
            Exchange exchange = new Exchange(listener, SocketChannel.open());
            exchange.channel.configureBlocking(false);
            exchange.channel.bind(from);
            exchange.buffer.putLong(0, workNs);
            exchange.key = reactor.watch(exchange.channel, 0, exchange::onReady);
            reactor.at(reactor.nowNs(), () -> exchange.connect(to));
            return exchange;
        } catch (IOException e) {
            throw new UncheckedIOException("from " + from, e);
        }
    }

    /** Over loopback it is usually done, or refused, at once. */
    private void connect(InetSocketAddress to) {
        try {
            if (channel.connect(to)) {
                send();
            } else {
                key.interestOps(SelectionKey.OP_CONNECT);
            }
        } catch (IOException e) {
            fail(e.getMessage());
        }
    }

    private void onReady() {
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                send();
            } else {
                read();
            }
        } catch (IOException e) {
            fail(e.getMessage());
        }
    }

    private void send() throws IOException {
        channel.write(buffer);
        key.interestOps(SelectionKey.OP_READ);
    }

    private void read() throws IOException {
        buffer.clear().limit(Wire.RESPONSE_BYTES);
        if (channel.read(buffer) < 0) {
            fail("closed without an answer");
        } else {
            key.interestOps(0);
            listener.onAnswer(this, buffer.get(0));
        }
    }

    private void fail(String reason) {
        close();
        listener.onFailure(this, reason);
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes so that its addresses and ports can be used again at once. */
    void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        close();
    }
}
