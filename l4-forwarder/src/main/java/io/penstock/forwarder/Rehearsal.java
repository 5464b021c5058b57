package io.penstock.forwarder;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A forwarder as an operator would start it, with clients, checks and questions, in a directory of its own that is removed
 * in the end; the JVM notes meanwhile what it loads. All sockets are UNIX sockets there.
 */
final class Rehearsal implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MS = 20;
    private static final int CLIENTS = 20;
    private static final List<String> QUESTIONS =
            List.of("/metrics", "/v1/status", "/v1/connections", "/healthz", "/readyz");

    /** Relative names, since options of the JVM are split at spaces. */
    private static final String CONFIG = "rehearsal.yaml";

    private static final String CLASSES = "classes";
    private static final String ARCHIVE = "archive";

    private final Path launcher;
    private final Path directory;

    Rehearsal(Path launcher) throws IOException {
        this.launcher = launcher;
        directory = Files.createTempDirectory("penstock");
    }

    /** For a JVM with AppCDS (JEP 310): notes the classes, then has them written as they are in memory. */
    Path classArchive() throws IOException, InterruptedException {
        perform("-Xshare:off -XX:DumpLoadedClassList=" + CLASSES);
        // Only G1 can write what the JDK keeps of its heap.
        await(start(
                "-XX:+UseG1GC -Xshare:dump -XX:SharedClassListFile=" + CLASSES + " -XX:SharedArchiveFile=" + ARCHIVE));
        return made();
    }

    /** For a JVM with ahead-of-time caches (JEP 514): written when the forwarder ends. */
    Path cache() throws IOException, InterruptedException {
        perform("-XX:AOTCacheOutput=" + ARCHIVE);
        return made();
    }

    private Path made() throws IOException {
        Path archive = directory.resolve(ARCHIVE);
        if (!Files.exists(archive)) {
            throw new IOException("this Java makes none");
        }
        return archive;
    }

    private void perform(String options) throws IOException, InterruptedException {
        Path listen = directory.resolve("service");
        Files.writeString(directory.resolve(CONFIG), """
                admin: { listen: "unix:admin" }
                services: { rehearsal: { listen: "unix:service" } }
                pools: { rehearsal: { backends: ["unix:backend"] } }
                """.replace("unix:", "unix:" + directory + "/"));
        try (ServerSocketChannel backend = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            backend.bind(UnixDomainSocketAddress.of(directory.resolve("backend")));
            Thread answering = new Thread(() -> answer(backend), "rehearsal");
            answering.setDaemon(true);
            answering.start();
            Process forwarder = start(options);
            try {
                awaitFile(listen, forwarder);
                for (int i = 0; i < CLIENTS; i++) {
                    exchange(listen);
                }
                ask(AdminAddress.parse("unix:" + directory.resolve("admin")).orElseThrow());
            } finally {
                forwarder.destroy();
                await(forwarder);
            }
        }
    }

    private Process start(String options) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), RunCommand.NAME, "-c", CONFIG)
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.put("PENSTOCK_JAVA_OPTS", environment.getOrDefault("PENSTOCK_JAVA_OPTS", "") + " " + options);
        environment.put("PENSTOCK_ARCHIVES", "none");
        // Those of a service manager are not this process's.
        environment.keySet().removeAll(List.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "LISTEN_FDS", "LISTEN_PID"));
        return builder.start();
    }

    private static void await(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new IOException("the forwarder of the rehearsal does not end");
        }
    }

    private static void awaitFile(Path file, Process forwarder) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(file)) {
            if (!forwarder.isAlive() || System.nanoTime() > deadlineNs) {
                throw new IOException("the forwarder of the rehearsal does not start");
            }
            Thread.sleep(POLL_MS);
        }
    }

    /** One byte there and one back; a check connects and says nothing. */
    private static void exchange(Path listen) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(listen))) {
            client.write(ByteBuffer.allocate(1));
            client.read(ByteBuffer.allocate(1));
        }
    }

    private static void answer(ServerSocketChannel backend) {
        while (backend.isOpen()) {
            try (SocketChannel client = backend.accept()) {
                if (client.read(ByteBuffer.allocate(1)) > 0) {
                    client.write(ByteBuffer.allocate(1));
                }
            } catch (IOException e) {
                // The next one, if the rehearsal is not over.
            }
        }
    }

    private static void ask(AdminAddress address) throws IOException, InterruptedException {
        try (AdminClient client = new AdminClient(address, LIMIT)) {
            for (String question : QUESTIONS) {
                client.send("GET", question, Optional.empty());
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.delete(directory);
    }
}
