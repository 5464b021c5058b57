package io.penstock.forwarder.control;

import io.penstock.forwarder.config.BackendConfig;
import io.penstock.net.IpAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names of all pools: looked up again and again, with a line in the log when one begins or ceases to fail. */
final class NameWatches implements AutoCloseable {
    /** Told on the control thread of each answer, the same one again included. */
    interface Listener {
        void onResolved(Pool pool, BackendConfig backend, List<IpAddress> addresses);
    }

    private static final Logger LOG = LoggerFactory.getLogger(NameWatches.class);

    /** How long a start waits for names; those that take longer join when they are known. */
    private static final long FIRST_NAMES_MS = 3_000;

    private final ControlThread thread;
    private final NameResolver resolver = new NameResolver();
    private final Set<String> failing = new HashSet<>();

    NameWatches(ControlThread thread) {
        this.thread = thread;
    }

    /** Begins, and waits a bounded time until each name was looked up once and the listener told. */
    void start(Collection<Pool> pools, Listener listener) throws InterruptedException {
        CountDownLatch firstAnswers = new CountDownLatch(
                pools.stream().mapToInt(pool -> pool.named().size()).sum());
        pools.forEach(pool -> pool.named().forEach(backend -> watch(pool, backend, listener, firstAnswers)));
        if (!firstAnswers.await(FIRST_NAMES_MS, TimeUnit.MILLISECONDS)) {
            LOG.warn("event=names-pending count={} waited={}ms", firstAnswers.getCount(), FIRST_NAMES_MS);
        }
    }

    private void watch(Pool pool, BackendConfig backend, Listener listener, CountDownLatch firstAnswers) {
        String where = pool.config().name() + "/" + backend.id();
        resolver.watch(backend.host(), pool.config().resolveInterval(), new NameResolver.Listener() {
            @Override
            public void onResolved(List<IpAddress> addresses) {
                thread.execute(() -> {
                    if (failing.remove(where)) {
                        LOG.info("event=name-resolves backend={} name={}", where, backend.host());
                    }
                    listener.onResolved(pool, backend, addresses);
                    firstAnswers.countDown();
                });
            }

            @Override
            public void onFailed(String reason) {
                thread.execute(() -> {
                    if (failing.add(where)) {
                        LOG.warn(
                                "event=name-fails backend={} name={} reason=\"{}\" kept={}",
                                where,
                                backend.host(),
                                reason,
                                pool.size());
                    }
                    firstAnswers.countDown();
                });
            }
        });
    }

    @Override
    public void close() {
        resolver.close();
    }
}
