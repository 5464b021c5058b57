package io.penstock.perf.demo;

import io.penstock.perf.demo.FlowResult.End;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients: each thread opens one connection after the other, with real sockets and no knowledge of what is behind the
 * address. The number of connections and of threads is bounded, and so is the time each step may take.
 */
final class ClientFleet {
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final int READ_TIMEOUT_MS = 10_000;

    /** Sent and not yet echoed; less than any socket buffer, so a client that does not read meanwhile cannot block. */
    private static final int WINDOW_BYTES = 32 << 10;

    /** A client rests up to this long halfway, so that connections live side by side as they do in service. */
    private static final int REST_MAX_MS = 100;

    private static final int BUFFER_BYTES = 32 << 10;

    private final InetSocketAddress target;
    private final int threads;
    private final Queue<FlowResult> results = new ConcurrentLinkedQueue<>();
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final List<Thread> running = new ArrayList<>();
    private final AtomicInteger nextId = new AtomicInteger();
    private volatile int endId;
    private int started;

    ClientFleet(InetSocketAddress target, int threads) {
        this.target = target;
        this.threads = threads;
    }

    /** Opens {@code count} more connections from its threads; returns at once. */
    void start(int count) {
        endId = nextId.get() + count;
        started += count;
        for (int i = 0; i < Math.min(threads, count); i++) {
            Thread thread = new Thread(this::work, "client-" + i);
            thread.setDaemon(true);
            running.add(thread);
            thread.start();
        }
    }

    /**
     * Waits for what {@link #start} began; on timeout the clients stop after their connection in hand.
     *
     * @return whether all came to an end
     */
    boolean await(long timeoutMs) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        for (Thread thread : running) {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadlineNs - System.nanoTime()));
        }
        boolean done = running.stream().noneMatch(Thread::isAlive);
        if (done) {
            running.clear();
            nextId.set(endId);
        } else {
            endId = 0;
        }
        return done;
    }

    int completed() {
        return completed.get();
    }

    int failed() {
        return failed.get();
    }

    /** Connections asked for that have not come to an end. */
    int unfinished() {
        return started - completed.get();
    }

    List<FlowResult> results() {
        return List.copyOf(results);
    }

    private void work() {
        for (int id = nextId.getAndIncrement(); id < endId; id = nextId.getAndIncrement()) {
            FlowResult result = new Client(target, id).run();
            results.add(result);
            if (result.end() != End.OK) {
                failed.incrementAndGet();
            }
            completed.incrementAndGet();
        }
    }

    /** One connection from beginning to end; confined to one thread. */
    private static final class Client {
        private final InetSocketAddress target;
        private final int id;
        private final int size;
        private final int offset;
        private final byte[] block = FlowProtocol.payloadBlock();
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private final long startNs = System.nanoTime();
        private String backend;
        private long helloNs;
        private int echoed;

        Client(InetSocketAddress target, int id) {
            this.target = target;
            this.id = id;
            this.size = FlowProtocol.payloadBytes(id);
            this.offset = FlowProtocol.payloadOffset(id);
        }

        FlowResult run() {
            try (Socket socket = new Socket()) {
                try {
                    return converse(socket);
                } catch (IOException e) {
                    // Leave with a reset, so that the backend does not take a half payload for a whole one.
                    socket.setSoLinger(true, 0);
                    return result(End.FAILED, e.toString());
                }
            } catch (IOException e) {
                return result(End.FAILED, e.toString());
            }
        }

        private FlowResult converse(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_TIMEOUT_MS);
            socket.connect(target, CONNECT_TIMEOUT_MS);
            InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
            OutputStream out = socket.getOutputStream();
            long crc = FlowProtocol.crcOf(block, offset, size);
            out.write(FlowProtocol.ascii(new FlowProtocol.Hello(id, size, crc).line()));
            backend = FlowProtocol.readLine(in);
            if (backend == null) {
                return result(End.FAILED, "closed before a backend answered");
            }
            helloNs = System.nanoTime() - startNs;
            int sent = 0;
            while (echoed < size) {
                int next = Math.min(size - sent, WINDOW_BYTES - (sent - echoed));
                // At the end of the first half rest once.
                if (sent < size / 2 && sent + next >= size / 2) {
                    rest();
                }
                out.write(block, offset + sent, next);
                sent += next;
                int count = in.read(buffer, 0, Math.min(BUFFER_BYTES, sent - echoed));
                if (count < 0) {
                    return result(End.FAILED, "closed after " + echoed + " of " + size + " bytes");
                }
                if (!Arrays.equals(buffer, 0, count, block, offset + echoed, offset + echoed + count)) {
                    return result(End.CORRUPTED, "other bytes came back after " + echoed);
                }
                echoed += count;
            }
            socket.shutdownOutput();
            String trailer = FlowProtocol.readLine(in);
            if (trailer == null) {
                return result(End.FAILED, "closed before the checksum");
            }
            if (!(trailer + "\n").equals(FlowProtocol.trailerLine(crc)) || in.read() >= 0) {
                return result(End.CORRUPTED, "wrong end: " + trailer);
            }
            return result(End.OK, null);
        }

        private void rest() {
            try {
                Thread.sleep(id * 31L % REST_MAX_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private FlowResult result(End end, String problem) {
            return new FlowResult(id, startNs, System.nanoTime(), backend, echoed, helloNs, end, problem);
        }
    }
}
