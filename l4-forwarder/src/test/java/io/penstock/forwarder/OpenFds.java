package io.penstock.forwarder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test that leaves a socket, pipe, epoll or eventfd behind. Files are not compared: the JVM opens jars when it
 * likes.
 */
public final class OpenFds implements BeforeEachCallback, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(OpenFds.class);
    private static final long WAIT_NS = 5_000_000_000L;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        // java.net keeps one socket for itself, from its first close on.
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            client.shutdownOutput();
            accepted.shutdownOutput();
        }
        context.getStore(NAMESPACE).put("before", now());
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        Object before = context.getStore(NAMESPACE).get("before");
        long deadlineNs = System.nanoTime() + WAIT_NS;
        while (!before.equals(now()) && System.nanoTime() < deadlineNs) {
            LockSupport.parkNanos(1_000_000);
        }
        assertEquals(before, now(), "descriptors before and after");
    }

    private static SortedSet<String> now() throws IOException {
        SortedSet<String> fds = new TreeSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path fd : all) {
                String target = target(fd);
                if (!target.startsWith("/")) {
                    fds.add(fd.getFileName() + " " + target);
                }
            }
        }
        return fds;
    }

    private static String target(Path fd) throws IOException {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (NoSuchFileException e) {
            return "/closed/meanwhile";
        }
    }
}
