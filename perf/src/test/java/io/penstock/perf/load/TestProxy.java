package io.penstock.perf.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A relay of small messages that can do something wrong; for a few connections only, on daemon threads. */
public final class TestProxy implements AutoCloseable {
    /** Called with each response, while no other is relayed. */
    @FunctionalInterface
    public interface Mischief {
        /**
         * Called before the response is passed on.
         *
         * @param number of responses before it, of all connections
         */
        void onResponse(int number, byte[] bytes) throws IOException;
    }

    private final ServerSocket server;
    private final int backendPort;
    private final Mischief mischief;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private int responses;

    public TestProxy(int port, int backendPort, Mischief mischief) throws IOException {
        server = new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
        this.backendPort = backendPort;
        this.mischief = mischief;
        start("accept", this::accept);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                clients.add(client);
                Socket backend = new Socket(InetAddress.getLoopbackAddress(), backendPort);
                client.setTcpNoDelay(true);
                backend.setTcpNoDelay(true);
                start("requests", () -> relay(client, backend, false));
                start("responses", () -> relay(backend, client, true));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void relay(Socket from, Socket to, boolean areResponses) {
        byte[] bytes = new byte[Wire.REQUEST_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            while (in.readNBytes(bytes, 0, bytes.length) == bytes.length) {
                if (areResponses) {
                    meddle(bytes);
                }
                out.write(bytes);
            }
        } catch (IOException ended) {
            // By one of the peers, which is how a connection ends.
        }
    }

    private synchronized void meddle(byte[] bytes) throws IOException {
        mischief.onResponse(responses++, bytes);
    }

    /** Ends a client's connection, 0 being the first that came. */
    public void cut(int client) throws IOException {
        clients.get(client).close();
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket client : clients) {
            client.close();
        }
    }
}
