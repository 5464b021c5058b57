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
import java.util.stream.Stream;

/** HAProxy or nginx as somebody else runs it, before or behind the forwarder. {@link #close} ends it. */
final class PeerProxy implements AutoCloseable {
    private static final Path HAPROXY = onPath("haproxy");
    private static final Path NGINX = onPath("nginx");
    /** Where Debian's package puts it, also when it is unpacked elsewhere than at the root. */
    private static final Path NGINX_STREAM =
            NGINX.resolveSibling("../lib/nginx/modules/ngx_stream_module.so").normalize();

    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final String LISTENING = "0A";

    private final Process process;

    private PeerProxy(Process process) {
        this.process = process;
    }

    /** A path where nothing is when there is no such program. */
    private static Path onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1), new String[] {"/usr/sbin"})
                .flatMap(Stream::of)
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of("/nowhere/sbin", program));
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
