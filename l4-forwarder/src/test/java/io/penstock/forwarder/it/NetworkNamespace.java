package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import jnr.ffi.LibraryLoader;

/**
 * A network namespace of a test's own, with nothing but a loopback interface. One thread lives in it: sockets that it makes
 * and processes that it starts belong there, whoever uses them then. The kernel ends it with the last of these.
 */
final class NetworkNamespace implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final int COMMAND_LIMIT_S = 10;

    private final ExecutorService inside = Executors.newSingleThreadExecutor();

    /** As jnr-ffi wants it; see unshare(2). */
    public interface Libc {
        int unshare(int flags);
    }

    private NetworkNamespace() {}

    /** The calling test is skipped when it may have none: that takes root. */
    static NetworkNamespace create() throws Exception {
        NetworkNamespace namespace = new NetworkNamespace();
        Libc libc = LibraryLoader.create(Libc.class).load("c");
        boolean granted = namespace.call(() -> libc.unshare(CLONE_NEWNET)) == 0;
        if (!granted) {
            namespace.close();
        }
        assumeTrue(granted, "skipped: no network namespace to be had (needs root)");
        namespace.run("ip", "link", "set", "lo", "up");
        return namespace;
    }

    /** For what makes sockets or starts processes. */
    <T> T call(Callable<T> action) throws Exception {
        try {
            return inside.submit(action).get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }

    /** A command that must succeed. */
    void run(String... command) throws Exception {
        Process process =
                call(() -> new ProcessBuilder(command).redirectErrorStream(true).start());
        assertTrue(process.waitFor(COMMAND_LIMIT_S, TimeUnit.SECONDS), () -> String.join(" ", command));
        assertEquals(0, process.exitValue(), () -> String.join(" ", command) + output(process));
    }

    private static String output(Process process) {
        try {
            return ": " + new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }

    /** Nothing reaches this address, and nothing from it arrives, as if its host had lost its power. */
    void vanish(String address) throws Exception {
        drop("ip saddr " + address);
        drop("ip daddr " + address);
    }

    /** As {@link #vanish(String)} for one socket. */
    void vanish(String address, int port) throws Exception {
        drop("ip saddr " + address + " tcp sport " + port);
        drop("ip daddr " + address + " tcp dport " + port);
    }

    /** Senders to this address learn from a router that there is no way. */
    void makeUnreachable(String address) throws Exception {
        addRule("ip daddr " + address + " reject with icmp type host-unreachable");
    }

    /** Undoes all of it. */
    void restore() throws Exception {
        run("nft", "flush ruleset");
    }

    /** What arrives and matches is lost, and the sender is not told, as it would be on the way out. */
    private void drop(String match) throws Exception {
        addRule(match + " drop");
    }

    private void addRule(String rule) throws Exception {
        run("nft", "add table inet test");
        run("nft", "add chain inet test in { type filter hook input priority 0; }");
        run("nft", "add rule inet test in " + rule);
    }

    /** Joins two namespaces by a wire: an interface at each end, with these addresses and prefix lengths. */
    void join(String own, String ownAddress, NetworkNamespace other, String others, String othersAddress)
            throws Exception {
        String thread = other.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString());
        run("ip", "link", "add", own, "type", "veth", "peer", "name", others, "netns", thread);
        attach(own, ownAddress);
        other.attach(others, othersAddress);
    }

    private void attach(String device, String address) throws Exception {
        run("ip", "address", "add", address, "dev", device);
        run("ip", "link", "set", device, "up");
    }

    /** Words of a shell, several lines maybe, each of which must succeed. */
    void shell(String commands) throws Exception {
        run("sh", "-e", "-c", commands);
    }

    /** A setting of this namespace, by its path under /proc/sys/net. */
    void set(String path, int value) throws Exception {
        run("sh", "-c", "echo " + value + " > /proc/sys/net/" + path);
    }

    @Override
    public void close() {
        inside.shutdownNow();
    }
}
