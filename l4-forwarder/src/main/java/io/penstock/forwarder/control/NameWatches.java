package io.penstock.forwarder.control;

import io.penstock.forwarder.config.BackendConfig;
import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names of all pools: looked up again and again, with a line in the log when one begins or ceases to fail. The control
 * thread's, but for {@link #lookUp} and {@link #close}.
 */
final class NameWatches implements AutoCloseable {
    /** Told on the control thread of each answer, the same one again included. */
    interface Listener {
        void onResolved(Pool pool, BackendConfig backend, List<IpAddress> addresses);
    }

    /** How long a start or a new configuration waits for names; those that take longer join when they are known. */
    private static final long FIRST_NAMES_MS = 3_000;

    private static final Logger LOG = LoggerFactory.getLogger(NameWatches.class);

    private final ControlThread thread;
    private final Listener listener;
    private final NameResolver resolver = new NameResolver();
    private final Map<Pool, Map<String, Watch>> watches = new HashMap<>();

    NameWatches(ControlThread thread, Listener listener) {
        this.thread = thread;
        this.listener = listener;
    }

    /** Looks each name up once, for a bounded time; the addresses of those that were answered. From any thread. */
    Map<String, List<IpAddress>> lookUp(Collection<String> names) throws InterruptedException {
        Set<String> distinct = Set.copyOf(names);
        Map<String, List<IpAddress>> answers = new ConcurrentHashMap<>();
        CountDownLatch pending = new CountDownLatch(distinct.size());
        for (String name : distinct) {
            resolver.lookUp(name, new NameResolver.Listener() {
                @Override
                public void onResolved(List<IpAddress> addresses) {
                    answers.put(name, addresses);
                    pending.countDown();
                }

                @Override
                public void onFailed(String reason) {
                    pending.countDown();
                }
            });
        }
        if (!pending.await(FIRST_NAMES_MS, TimeUnit.MILLISECONDS)) {
            LOG.warn("event=names-pending count={} waited={}ms", pending.getCount(), FIRST_NAMES_MS);
        }
        return Map.copyOf(answers);
    }

    /** Looks up exactly the names that the pool has now. */
    void watch(Pool pool) {
        Map<String, Watch> before = watches.getOrDefault(pool, Map.of());
        Map<String, Watch> now = new HashMap<>();
        for (BackendConfig backend : pool.named()) {
            Watch known = before.get(backend.id());
            boolean stays = known != null && known.isOf(backend, pool.config().resolveInterval());
            now.put(backend.id(), stays ? known.with(backend) : new Watch(pool, backend));
        }
        Set<Watch> ended = new HashSet<>(before.values());
        ended.removeAll(now.values());
        ended.forEach(Watch::end);
        watches.put(pool, now);
        now.values().forEach(Watch::begin);
    }

    /** The pool is gone. */
    void unwatch(Pool pool) {
        Map<String, Watch> ended = watches.remove(pool);
        if (ended != null) {
            ended.values().forEach(Watch::end);
        }
    }

    @Override
    public void close() {
        resolver.close();
    }

    /** One backend's name. */
    private final class Watch implements NameResolver.Listener {
        private final Pool pool;
        private final Duration interval;
        private BackendConfig backend;
        private Future<?> lookUps;
        private boolean failing;
        private boolean ended;

        private Watch(Pool pool, BackendConfig backend) {
            this.pool = pool;
            this.backend = backend;
            interval = pool.config().resolveInterval();
        }

        private boolean isOf(BackendConfig other, Duration otherInterval) {
            return backend.host().equals(other.host()) && interval.equals(otherInterval);
        }

        private Watch with(BackendConfig other) {
            backend = other;
            return this;
        }

        private void begin() {
            if (lookUps == null) {
                lookUps = resolver.watch(backend.host(), interval, this);
            }
        }

        private void end() {
            ended = true;
            lookUps.cancel(false);
        }

        @Override
        public void onResolved(List<IpAddress> addresses) {
            thread.execute(() -> {
                if (ended) {
                    return;
                }
                if (failing) {
                    failing = false;
                    LOG.info("event=name-resolves backend={} name={}", where(), backend.host());
                }
                listener.onResolved(pool, backend, addresses);
            });
        }

        @Override
        public void onFailed(String reason) {
            thread.execute(() -> {
                if (!ended && !failing) {
                    failing = true;
                    LOG.warn(
                            "event=name-fails backend={} name={} reason=\"{}\" kept={}",
                            where(),
                            backend.host(),
                            reason,
                            pool.size());
                }
            });
        }

        private String where() {
            return pool.config().name() + "/" + backend.id();
        }
    }
}
