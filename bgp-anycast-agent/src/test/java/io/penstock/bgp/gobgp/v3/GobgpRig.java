package io.penstock.bgp.gobgp.v3;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.config.GlobalConfig;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.it.Gobgpd;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A gobgpd on an address of its own, clients of it, and their answers. {@link #close} ends what was made here, the last first. */
final class GobgpRig {
    static final Duration TIMEOUT = Duration.ofSeconds(20);
    static final GlobalConfig GLOBAL =
            new GlobalConfig(65_001, Attributes.address("192.0.2.1"), GlobalConfig.NOT_LISTENING, List.of());

    private final Path directory;
    private final InetAddress own = Gobgpd.ownLoopback();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** The calling test is skipped when there is no gobgpd to be had. */
    GobgpRig(Path directory) {
        Gobgpd.assumeInstalled();
        this.directory = directory;
    }

    <T extends AutoCloseable> T closing(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    String host() {
        return own.getHostAddress();
    }

    DaemonConfig.Address.Tcp address() {
        return new DaemonConfig.Address.Tcp(host(), Gobgpd.PORT);
    }

    Gobgpd gobgpd(String... options) throws Exception {
        return closing(Gobgpd.onLoopback(directory, own, options));
    }

    GobgpV3 client(Duration timeout) {
        return closing(GobgpV3.open(new DaemonConfig(address(), Optional.empty(), timeout, timeout)));
    }

    /** Of a daemon that it has started. */
    GobgpV3 started() throws Exception {
        return started(TIMEOUT);
    }

    GobgpV3 started(Duration timeout) throws Exception {
        GobgpV3 client = client(timeout);
        done(client.start(GLOBAL));
        return client;
    }

    static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(2 * TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    static DaemonException refused(CompletableFuture<?> future) {
        Throwable cause =
                assertThrows(ExecutionException.class, () -> done(future)).getCause();
        return (DaemonException) cause;
    }

    static Set<String> prefixes(GobgpV3 client) throws Exception {
        Set<String> prefixes = new HashSet<>();
        done(client.paths()).forEach(path -> prefixes.add(path.prefix().toString()));
        return prefixes;
    }

    void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
