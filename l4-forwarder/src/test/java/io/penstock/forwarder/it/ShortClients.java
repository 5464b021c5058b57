package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that connect, have something echoed, and end the connection properly, over and over until they are closed. */
final class ShortClients implements AutoCloseable {
    private static final int MAX_CLIENTS = 200_000;

    private final int port;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger served = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean closing;

    ShortClients(int port, int count) {
        this.port = port;
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(this::run, "short-client-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    private void run() {
        for (int i = 0; i < MAX_CLIENTS && !closing; i++) {
            try (Socket client = Clients.connect(port)) {
                Clients.assertEchoes(client, "short");
                client.shutdownOutput();
                Clients.assertEnded(client);
                served.incrementAndGet();
            } catch (IOException | AssertionError e) {
                failures.add(e);
                return;
            }
        }
    }

    int served() {
        return served.get();
    }

    void assertNoFailures() {
        assertEquals(List.of(), List.copyOf(failures));
    }

    @Override
    public void close() throws IOException {
        closing = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
