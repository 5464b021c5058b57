package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** What the peers of the forwarder do with UNIX sockets, which have no timeouts: the tests have. */
final class UnixPeers {
    private UnixPeers() {}

    static SocketChannel connect(Path path) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer octets = StandardCharsets.UTF_8.encode(text);
        while (octets.hasRemaining()) {
            channel.write(octets);
        }
    }

    /** So many octets, or fewer at the end of the stream. */
    static String read(SocketChannel channel, int length) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(length);
        while (octets.hasRemaining() && channel.read(octets) >= 0) {}
        return StandardCharsets.UTF_8.decode(octets.flip()).toString();
    }

    /** A message there and back, and both ends. */
    static void assertServed(Path path) throws IOException {
        try (SocketChannel client = connect(path)) {
            write(client, "short");
            assertEquals("short", read(client, 5));
            client.shutdownOutput();
            assertEquals("", read(client, 1));
        }
    }

    /** Sends this to a peer that echoes, ends, and gets it back. */
    static void assertEchoes(SocketChannel client, Payload payload) {
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
            try {
                payload.writeTo(output(client));
                client.shutdownOutput();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        try {
            assertEquals(payload.digest(), Payload.read(input(client), 0));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        sent.join();
    }

    /** Unlike that of Channels, it does not wait for a write of another thread. */
    static InputStream input(SocketChannel channel) {
        return new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] octets, int offset, int length) throws IOException {
                return channel.read(ByteBuffer.wrap(octets, offset, length));
            }
        };
    }

    static OutputStream output(SocketChannel channel) {
        return new OutputStream() {
            @Override
            public void write(int octet) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(octets, offset, length);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        };
    }

    static ServerSocketChannel listen(Path path) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path), 1_024);
        return server;
    }
}
