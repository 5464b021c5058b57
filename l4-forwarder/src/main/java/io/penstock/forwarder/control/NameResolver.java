package io.penstock.forwarder.control;

import io.penstock.net.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Looks names up again and again, the way the host does (hosts file, nsswitch, DNS), on threads of its own because such
 * a look-up blocks. Safe from any thread.
 */
final class NameResolver implements AutoCloseable {
    /** Told of every look-up, on a resolver thread. */
    interface Listener {
        /** At least one address, sorted. */
        void onResolved(List<IpAddress> addresses);

        void onFailed(String reason);
    }

    /** Names whose servers do not answer hold a thread for seconds; others go on meanwhile. */
    private static final int THREADS = 16;

    private final ScheduledThreadPoolExecutor executor;

    NameResolver() {
        // The JDK would answer from its cache for 30 seconds, longer than an operator's resolve-interval.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        executor = new ScheduledThreadPoolExecutor(THREADS, runnable -> {
            Thread thread = new Thread(runnable, "fwd-dns");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
    }

    /** Looks the name up now and then again after each interval, until this is closed or the result cancelled. */
    Future<?> watch(String name, Duration interval, Listener listener) {
        return submit(() -> executor.scheduleWithFixedDelay(
                () -> resolve(name, listener), 0, interval.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Looks the name up once. */
    void lookUp(String name, Listener listener) {
        Future<?> unused = submit(() -> executor.submit(() -> resolve(name, listener)));
    }

    /** Once this is closed nothing is looked up. */
    private static Future<?> submit(Supplier<Future<?>> work) {
        try {
            return work.get();
        } catch (RejectedExecutionException stopping) {
            return CompletableFuture.completedFuture(null);
        }
    }

    private static void resolve(String name, Listener listener) {
        try {
            listener.onResolved(lookUp(name));
        } catch (UnknownHostException e) {
            listener.onFailed(String.valueOf(e.getMessage()));
        }
    }

    /** At least one address, sorted. */
    static List<IpAddress> lookUp(String name) throws UnknownHostException {
        List<IpAddress> addresses = Arrays.stream(InetAddress.getAllByName(name))
                .map(IpAddress::of)
                // A resolver that blocks a name may answer 0.0.0.0, which Linux connects to this very host.
                .filter(IpAddress::isUnicast)
                .distinct()
                .sorted()
                .toList();
        if (addresses.isEmpty()) {
            throw new UnknownHostException("no usable address");
        }
        return addresses;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
