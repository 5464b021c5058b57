package io.penstock.perf.failures;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A backend: a process of its own that answers each request with its name, and misbehaves when told. Protocol, one line
 * each; every command is answered once it is done.
 *
 * <pre>
 * out: ready            the process runs, and does not listen yet
 * in:  open             listen; out: done
 * in:  close            close the listener; out: done
 * in:  serving          answer requests; out: done
 * in:  silent           accept, read and never answer; out: done
 * in:  resetting        accept and reset; out: done
 * in:  await-check      out: done, right after the next HTTP check was answered; or late, when none came for ten seconds
 * </pre>
 */
public final class BackendMain {
    static final String READY = "ready";
    static final String DONE = "done";

    /** Half a hundred connections a second wait at most as long as a client does. */
    private static final int CONNECTIONS_MAX = 512;

    /** Of the listen queue: small, so that a stopped process also shows what comes after it is full. */
    private static final int BACKLOG = 64;

    private static final int READ_TIMEOUT_MS = 10_000;
    private static final int HEAD_MAX_BYTES = 4_096;
    private static final long CHECK_TIMEOUT_S = 10;

    private enum Mode {
        SERVING,
        SILENT,
        RESETTING
    }

    private final byte[] answer;
    private final int port;
    private final Semaphore checks = new Semaphore(0);
    private final ExecutorService connections =
            new ThreadPoolExecutor(0, CONNECTIONS_MAX, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "connection");
                thread.setDaemon(true);
                return thread;
            });

    private volatile Mode mode = Mode.SERVING;
    private ServerSocket listener;

    private BackendMain(String name, int port) {
        this.port = port;
        answer = Exchange.answer(name);
    }

    /** Name and port; ends with its standard input. */
    public static void main(String[] args) throws IOException, InterruptedException {
        new BackendMain(args[0], Integer.parseInt(args[1])).obey();
    }

    private void obey() throws IOException, InterruptedException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        System.out.println(READY);
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            System.out.println(obey(command));
        }
    }

    private String obey(String command) throws IOException, InterruptedException {
        switch (command) {
            case "open" -> open();
            case "close" -> listener.close();
            case "serving" -> mode = Mode.SERVING;
            case "silent" -> mode = Mode.SILENT;
            case "resetting" -> mode = Mode.RESETTING;
            case "await-check" -> {
                checks.drainPermits();
                return checks.tryAcquire(CHECK_TIMEOUT_S, TimeUnit.SECONDS) ? DONE : "late";
            }
            default -> throw new IOException("no such command: " + command);
        }
        return DONE;
    }

    private void open() throws IOException {
        ServerSocket opened = new ServerSocket();
        opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        listener = opened;
        Thread acceptor = new Thread(() -> acceptUntilClosed(opened), "accept");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private void acceptUntilClosed(ServerSocket opened) {
        while (!opened.isClosed()) {
            try {
                Socket connection = opened.accept();
                try {
                    connections.execute(() -> serve(connection));
                } catch (RejectedExecutionException full) {
                    connection.close();
                }
            } catch (IOException closedOrGone) {
                // The loop's condition tells which.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setSoTimeout(READ_TIMEOUT_MS);
            switch (mode) {
                case RESETTING -> connection.setSoLinger(true, 0);
                case SILENT -> connection.getInputStream().skip(Long.MAX_VALUE);
                case SERVING -> {
                    String head = readHead(connection.getInputStream());
                    if (!head.isEmpty()) {
                        connection.getOutputStream().write(answer);
                    }
                    if (Exchange.isCheck(head)) {
                        checks.release();
                    }
                }
            }
        } catch (IOException left) {
            // The client knows better than we do whether this matters.
        }
    }

    /** Up to the blank line; what there is when the stream ends before it. */
    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        byte[] buffer = new byte[HEAD_MAX_BYTES];
        for (int count = in.read(buffer); count >= 0 && head.length() < HEAD_MAX_BYTES; count = in.read(buffer)) {
            head.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            if (head.indexOf("\r\n\r\n") >= 0) {
                break;
            }
        }
        return head.toString();
    }
}
