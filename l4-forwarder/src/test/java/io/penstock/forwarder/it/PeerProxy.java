package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** HAProxy or nginx as somebody else runs it, before or behind the forwarder. {@link #close} ends it. */
final class PeerProxy implements AutoCloseable {
    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final Path NGINX_STREAM = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final String LISTENING = "0A";

    private final Process process;

    private PeerProxy(Process process) {
        this.process = process;
    }

    /** @param lines after the defaults, mode TCP */
    static PeerProxy haproxy(Path directory, int port, String lines) throws Exception {
        assumeTrue(Files.isExecutable(HAPROXY), "skipped: no haproxy");
        String config = """
                defaults
                    mode tcp
                    timeout connect 10s
                    timeout client 20s
                    timeout server 20s
                """;
        Path file = Files.writeString(Files.createTempFile(directory, "haproxy", ".cfg"), config + lines);
        return start(directory, port, HAPROXY.toString(), "-db", "-f", file.toString());
    }

    /** @param blocks beside events */
    static PeerProxy nginx(Path directory, int port, String blocks) throws Exception {
        assumeTrue(Files.isExecutable(NGINX) && Files.exists(NGINX_STREAM), "skipped: no nginx with streams");
        Path home = Files.createTempDirectory(directory, "nginx");
        String config = """
                load_module %s;
                daemon off;
                user root;
                worker_processes 1;
                pid %s/pid;
                error_log %s/error.log;
                events {}
                """.formatted(NGINX_STREAM, home, home);
        Path file = Files.writeString(home.resolve("nginx.conf"), config + blocks);
        return start(directory, port, NGINX.toString(), "-p", home.toString(), "-c", file.toString());
    }

    private static PeerProxy start(Path directory, int port, String... command) throws Exception {
        Path log = Files.createTempFile(directory, "peer", ".log");
        PeerProxy proxy = new PeerProxy(new ProcessBuilder(new ArrayList<>(List.of(command)))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
        try {
            Await.until(() -> "listener at " + port + ": " + read(log), START_LIMIT, () -> isListening(port));
        } catch (Exception | Error e) {
            proxy.close();
            throw e;
        }
        return proxy;
    }

    /** Asked of the kernel: a connect would be a client. See proc(5). */
    private static boolean isListening(int port) throws IOException {
        String local = ":%04X".formatted(port);
        return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
                .map(line -> line.trim().split("\\s+", -1))
                .anyMatch(row -> row[1].endsWith(local) && row[3].equals(LISTENING));
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
    }
}
