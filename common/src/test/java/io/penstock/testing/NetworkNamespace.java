package io.penstock.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jnr.ffi.LibraryLoader;

/**
 * A network namespace of a test's own, with nothing but a loopback interface. One thread lives in it: sockets that it makes
 * and processes that it starts belong there, whoever uses them then. The kernel ends it with the last of these.
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final int COMMAND_LIMIT_S = 30;
    private static final long WAIT_NS = 10_000_000_000L;

    private final ExecutorService inside = Executors.newSingleThreadExecutor();

    /** As jnr-ffi wants it; see unshare(2). */
    public interface Libc {
        int unshare(int flags);
    }

    /** What is waited for. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    private NetworkNamespace() {}

    /** The calling test is skipped when it may have none: that takes root. */
    public static NetworkNamespace create() throws Exception {
        NetworkNamespace namespace = new NetworkNamespace();
        Libc libc = LibraryLoader.create(Libc.class).load("c");
        boolean granted = namespace.call(() -> libc.unshare(CLONE_NEWNET)) == 0;
        if (!granted) {
            namespace.close();
        }
        assumeTrue(granted, "skipped: no network namespace to be had (needs root)");
        namespace.ip("link set lo up");
        return namespace;
    }

    /** For what makes sockets or starts processes. */
    public <T> T call(Callable<T> action) throws Exception {
        try {
            return inside.submit(action).get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }

    /** Starts a process here. */
    public Process start(ProcessBuilder builder) throws Exception {
        return call(builder::start);
    }

    /** What a command prints, which must succeed. */
    public String run(String... command) throws Exception {
        Process process =
                call(() -> new ProcessBuilder(command).redirectErrorStream(true).start());
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(COMMAND_LIMIT_S, TimeUnit.SECONDS), () -> String.join(" ", command));
        assertEquals(0, process.exitValue(), () -> String.join(" ", command) + ": " + output);
        return output;
    }

    /**
     * What ip(8) prints.
     *
     * @param words with one space between
     */
    public String ip(String words) throws Exception {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words.split(" ")));
        return run(command.toArray(String[]::new));
    }

    /** What ip(8) prints with {@code -j}. */
    public JsonArray ipJson(String words) throws Exception {
        return JsonParser.parseString(ip("-j " + words)).getAsJsonArray();
    }

    /** A cable from here to here: both its ends are up. */
    public void addCable(String one, String other) throws Exception {
        ip("link add " + one + " type veth peer name " + other);
        ip("link set " + one + " up");
        ip("link set " + other + " up");
    }

    /** Fails the test when it does not come true within ten seconds. */
    public static void await(String what, Condition condition) throws Exception {
        long deadlineNs = System.nanoTime() + WAIT_NS;
        while (!condition.holds()) {
            if (System.nanoTime() > deadlineNs) {
                fail("never: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() {
        inside.shutdownNow();
    }
}
