package io.penstock.health;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A server on loopback that serves each connection on a thread of its own, as it is told. */
final class LoopbackServer implements AutoCloseable {
    private static final int MAX_SILENCE_MS = 20_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final ServerSocket server;

    LoopbackServer(ServerSocket server, Service service) {
        this.server = server;
        threads.execute(() -> accept(service));
    }

    LoopbackServer(Service service) throws IOException {
        this(new ServerSocket(0, 50, loopback()), service);
    }

    /** Sends this to whoever connects, and closes when the client has. */
    static LoopbackServer sending(String text) throws IOException {
        return new LoopbackServer(client -> {
            client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            awaitEnd(client);
        });
    }

    /** Reads a request up to the empty line, then does as {@link #sending}. */
    static LoopbackServer answering(String text) throws IOException {
        return new LoopbackServer(client -> {
            readHead(client);
            client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            awaitEnd(client);
        });
    }

    static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    /** A port nobody listens on. */
    static int freePort() throws IOException {
        try (ServerSocket unused = new ServerSocket(0, 1, loopback())) {
            return unused.getLocalPort();
        }
    }

    static String readHead(Socket client) throws IOException {
        return readUntil(client, "\r\n\r\n");
    }

    /** What came up to and with {@code end}, or all until the client closed. */
    static String readUntil(Socket client, String end) throws IOException {
        InputStream in = client.getInputStream();
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        String text = "";
        int octet = in.read();
        while (octet >= 0 && !text.endsWith(end)) {
            read.write(octet);
            text = read.toString(StandardCharsets.ISO_8859_1);
            octet = text.endsWith(end) ? octet : in.read();
        }
        return text;
    }

    static void awaitEnd(Socket client) throws IOException {
        while (client.getInputStream().read() >= 0) {
            // Whatever else it says.
        }
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept(Service service) {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                clients.add(client);
                begin(client, service);
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void begin(Socket client, Service service) throws IOException {
        try {
            threads.execute(() -> serve(client, service));
        } catch (RejectedExecutionException closing) {
            client.close();
        }
    }

    private void serve(Socket client, Service service) {
        try (client) {
            client.setSoTimeout(MAX_SILENCE_MS);
            service.serve(client);
        } catch (IOException | InterruptedException clientIsGone) {
            // A probe resets its connection when it has its result.
        } finally {
            clients.remove(client);
        }
    }

    /** Ends what is being served. */
    @Override
    public void close() throws IOException {
        server.close();
        for (Socket client : clients) {
            client.close();
        }
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(MAX_SILENCE_MS, TimeUnit.MILLISECONDS)) {
                throw new IOException("a connection is still being served");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What to do with a connection; it is closed afterwards. */
    interface Service {
        void serve(Socket client) throws IOException, InterruptedException;
    }
}
