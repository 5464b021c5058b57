package io.penstock.perf.idle;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Sends back the little that each of thousands of connections says. One thread, ended by {@link #close}. */
final class EchoBackend implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final ServerSocketChannel server;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    private final Thread thread = new Thread(this::run, "echo");

    EchoBackend() throws IOException {
        selector = Selector.open();
        server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.socket().getLocalPort();
    }

    private void run() {
        try {
            while (server.isOpen()) {
                selector.select(this::onReady);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void onReady(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel accepted = server.accept();
                if (accepted != null) {
                    accepted.configureBlocking(false);
                    accepted.register(selector, SelectionKey.OP_READ);
                }
            } else {
                echo((SocketChannel) key.channel());
            }
        } catch (IOException e) {
            closeQuietly(key);
        }
    }

    private void echo(SocketChannel channel) throws IOException {
        buffer.clear();
        int read = channel.read(buffer);
        if (read < 0) {
            channel.close();
            return;
        }
        buffer.flip();
        channel.write(buffer);
    }

    private static void closeQuietly(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException alreadyGone) {
            key.cancel();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.wakeup();
    }
}
