package io.penstock.perf.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers as a backend of the lab does, as {@code b1} and with the client's address for the forwarder's; a thread for each connection. */
final class NamingServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private volatile boolean silent;

    NamingServer() throws IOException {
        start(this::accept);
    }

    private static void start(Runnable loop) {
        Thread thread = new Thread(loop, "naming-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listener.accept();
                connections.add(connection);
                start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    answer(connection);
                }
            }
        } catch (IOException gone) {
            // As the client, or the test, wanted it.
        }
    }

    private void answer(Socket connection) throws IOException {
        if (!silent) {
            String body = "b1 " + connection.getInetAddress().getHostAddress() + "\n";
            String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    int accepted() {
        return connections.size();
    }

    /** Takes requests and does not answer them. */
    void fallSilent() {
        silent = true;
    }

    /** Ends every connection; new ones are taken. */
    void hangUp() throws IOException {
        for (Socket connection : connections) {
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        hangUp();
    }
}
