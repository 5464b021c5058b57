package io.penstock.perf.scrape;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Send back what they get, on one port of several loopback addresses. One thread, ended by {@link #close}. */
final class EchoServers implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int FIRST_ADDRESS = 0x7f000001;

    private final int port;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    private final Thread thread = new Thread(this::run, "echo");
    private volatile boolean closed;

    /** On 127.0.0.1 and the addresses that follow, at most 250. */
    EchoServers(int addresses, int port) throws IOException {
        this.port = port;
        for (int i = 0; i < addresses; i++) {
            ServerSocketChannel server = ServerSocketChannel.open();
            server.bind(new InetSocketAddress(address(i), port), BACKLOG);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
        }
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return port;
    }

    static InetAddress address(int index) throws IOException {
        return InetAddress.getByAddress(
                ByteBuffer.allocate(4).putInt(FIRST_ADDRESS + index).array());
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(this::onReady);
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void onReady(SelectionKey key) {
        try {
            if (key.channel() instanceof ServerSocketChannel server) {
                SocketChannel accepted = server.accept();
                if (accepted != null) {
                    accepted.configureBlocking(false);
                    accepted.register(selector, SelectionKey.OP_READ);
                }
            } else if (key.channel() instanceof SocketChannel connection) {
                echo(connection);
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    private void echo(SocketChannel connection) throws IOException {
        buffer.clear();
        if (connection.read(buffer) < 0) {
            connection.close();
            return;
        }
        buffer.flip();
        connection.write(buffer);
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
