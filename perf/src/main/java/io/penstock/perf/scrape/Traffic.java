package io.penstock.perf.scrape;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Clients that stay, of every service: at a steady rate one after the other asks and takes the answer. Times are from when
 * a question was meant to be asked, so that a stall counts for all that it delays. Used by one thread.
 */
final class Traffic implements AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long MAX_NS = 60 * NANOS_PER_SECOND;
    private static final int DIGITS = 3;
    private static final int QUESTION_BYTES = 64;

    private final Selector selector = Selector.open();
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    private Histogram times = new Histogram(MAX_NS, DIGITS);
    private long unanswered;
    private int next;

    /** One connection, with at most one question on its way. */
    private static final class Client {
        private final SocketChannel channel;
        private long meantNs;
        private int missing;

        private Client(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /** @param each how many clients of each service */
    Traffic(List<Integer> ports, int each) throws IOException {
        for (int i = 0; i < each; i++) {
            for (int port : ports) {
                SocketChannel channel = connect(port);
                channel.configureBlocking(false);
                Client client = new Client(channel);
                channel.register(selector, SelectionKey.OP_READ, client);
                clients.add(client);
            }
        }
    }

    private static SocketChannel connect(int port) throws IOException {
        return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** As many connections to a service that ask once and end. */
    static void visit(int port, int count) throws IOException {
        ByteBuffer question = ByteBuffer.allocate(QUESTION_BYTES);
        for (int i = 0; i < count; i++) {
            try (SocketChannel channel = connect(port)) {
                channel.write(question.clear());
                question.clear();
                while (question.hasRemaining()) {
                    if (channel.read(question) < 0) {
                        throw new IOException("a connection through the forwarder was not served");
                    }
                }
            }
        }
    }

    /** Asks so many questions a second for so long; what was measured before is forgotten. */
    void run(int perSecond, long durationNs) throws IOException {
        times = new Histogram(MAX_NS, DIGITS);
        unanswered = 0;
        long startNs = System.nanoTime();
        long asked = 0;
        for (long nowNs = startNs; nowNs - startNs < durationNs; nowNs = System.nanoTime()) {
            long due = (nowNs - startNs) * perSecond / NANOS_PER_SECOND;
            for (; asked < due; asked++) {
                ask(startNs + asked * NANOS_PER_SECOND / perSecond);
            }
            // A millisecond: as fine as select's own timeout.
            selector.select(this::onReadable, 1);
        }
    }

    private void ask(long meantNs) throws IOException {
        Client client = clients.get(next);
        next = next + 1 < clients.size() ? next + 1 : 0;
        if (client.missing > 0) {
            // Its turn before is not over: that one's time says so, when it ends.
            unanswered++;
            return;
        }
        client.meantNs = meantNs;
        client.missing = QUESTION_BYTES;
        buffer.clear().limit(QUESTION_BYTES);
        if (client.channel.write(buffer) != QUESTION_BYTES) {
            throw new IOException("a socket without anything in it took no " + QUESTION_BYTES + " bytes");
        }
    }

    private void onReadable(SelectionKey key) {
        Client client = (Client) key.attachment();
        try {
            int read = client.channel.read(buffer.clear());
            if (read < 0) {
                throw new IOException("the forwarder ended a connection");
            }
            client.missing -= read;
            if (client.missing == 0) {
                times.recordValue(Math.min(MAX_NS, System.nanoTime() - client.meantNs));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Of questions that were answered in the last run, in nanoseconds. */
    Histogram times() {
        return times;
    }

    /** Questions of the last run that were not asked, as an answer before them was late. */
    long unanswered() {
        return unanswered;
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.channel.close();
        }
        selector.close();
    }
}
