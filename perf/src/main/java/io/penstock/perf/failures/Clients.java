package io.penstock.perf.failures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * An open loop: a new client every few milliseconds, whatever became of those before, with one request on a connection
 * of its own. All on one thread, ended by {@link #close}; the outcomes may be asked for from any thread.
 */
final class Clients implements AutoCloseable {
    static final int PER_SECOND = 200;
    static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);

    /** A few minutes' worth: no session is that long. */
    private static final int REQUESTS_MAX = 60_000;

    private static final long GAP_NS = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

    /** After a longer stall of this machine the clients it cost are left out, rather than sent all at once. */
    private static final long BEHIND_MAX_NS = 20 * GAP_NS;

    private static final int ANSWER_MAX_BYTES = 1_024;
    private static final long END_TIMEOUT_MS = 5_000;

    private final InetSocketAddress target;
    private final byte[] request = Exchange.request();
    private final Selector selector = Selector.open();
    private final Queue<Client> open = new ArrayDeque<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "clients");
    private volatile boolean ending;
    private int started;

    /** Begins at once. */
    Clients(int port) throws IOException {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        thread.setDaemon(true);
        thread.start();
    }

    /** Of all clients that have come to an end so far, in the order of their ends. */
    List<Outcome> outcomes() {
        synchronized (outcomes) {
            return List.copyOf(outcomes);
        }
    }

    /** Whether the backend has answered a client that began at {@code sinceNs} or later. */
    boolean isServedBy(String backend, long sinceNs) {
        synchronized (outcomes) {
            for (int i = outcomes.size() - 1; i >= 0 && outcomes.get(i).endNs() - sinceNs >= 0; i--) {
                if (backend.equals(outcomes.get(i).backend()) && outcomes.get(i).startNs() - sinceNs >= 0) {
                    return true;
                }
            }
            return false;
        }
    }

    /** No new clients; waits for those under way. */
    @Override
    public void close() throws IOException {
        ending = true;
        try {
            thread.join(END_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        selector.close();
    }

    private void run() {
        try {
            long nextNs = System.nanoTime();
            while (!ending || !open.isEmpty()) {
                long nowNs = System.nanoTime();
                nextNs = Math.max(nextNs, nowNs - BEHIND_MAX_NS);
                for (; !ending && started < REQUESTS_MAX && nowNs - nextNs >= 0; nextNs += GAP_NS) {
                    started++;
                    open.add(new Client());
                }
                giveUp(nowNs);
                selector.select(key -> ((Client) key.attachment()).onReady(), 1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All wait equally long, so they are in the order of their deadlines. */
    private void giveUp(long nowNs) throws IOException {
        for (Client first = open.peek();
                first != null && (first.ended || nowNs - first.startNs >= TIMEOUT_NS);
                first = open.peek()) {
            open.remove();
            first.end(null, "no answer in time");
        }
    }

    private final class Client {
        private final long startNs = System.nanoTime();
        private final SocketChannel channel = SocketChannel.open();
        private final ByteBuffer answer = ByteBuffer.allocate(ANSWER_MAX_BYTES);
        private boolean connected;
        private boolean ended;

        Client() throws IOException {
            channel.configureBlocking(false);
            try {
                channel.connect(target);
                channel.register(selector, SelectionKey.OP_CONNECT, this);
            } catch (IOException e) {
                end(null, e.getMessage());
            }
        }

        void onReady() {
            try {
                if (connected) {
                    read();
                } else if (channel.finishConnect()) {
                    connected = true;
                    channel.keyFor(selector).interestOps(SelectionKey.OP_READ);
                    // Far less than an empty socket buffer takes.
                    channel.write(ByteBuffer.wrap(request));
                }
            } catch (IOException e) {
                end(null, e.getMessage());
            }
        }

        private void read() throws IOException {
            int count = channel.read(answer);
            if (count < 0 || !answer.hasRemaining()) {
                String text = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
                end(Exchange.backendIn(text).orElse(null), "ended without an answer");
            }
        }

        /** Only the first time counts. */
        private void end(String backend, String problem) {
            if (ended) {
                return;
            }
            ended = true;
            long nowNs = System.nanoTime();
            try {
                channel.close();
            } catch (IOException alreadyGone) {
                // Nothing of it is left that could be closed.
            }
            synchronized (outcomes) {
                outcomes.add(
                        backend == null
                                ? Outcome.failed(startNs, nowNs, problem)
                                : Outcome.served(startNs, nowNs, backend));
            }
        }
    }
}
