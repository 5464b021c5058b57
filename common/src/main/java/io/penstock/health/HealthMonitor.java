package io.penstock.health;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.penstock.net.Endpoint;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Checks targets on one thread of its own, until each watch or the monitor is closed. Safe from any thread. */
public final class HealthMonitor implements AutoCloseable {
    private static final double JITTER = 0.1;

    private final EventLoopGroup group;
    private final EventLoop loop;
    private volatile boolean ended;

    /** Starts the thread, under this name (at most 15 characters show in ps and top). */
    public HealthMonitor(String threadName) {
        group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(threadName, true), EpollIoHandler.newFactory());
        loop = group.next();
    }

    /**
     * Checks a target until the returned watch is closed. The first probe comes within one interval, at random. Once the
     * monitor is closed a watch does nothing.
     *
     * @param listener not called for a target that is up from the start
     */
    public Watch watch(Endpoint target, HealthPlan plan, HealthListener listener) {
        HealthCheck check = plan.checks().get(0);
        Endpoint probed =
                check.port() == HealthCheck.TARGETS_PORT ? target : new Endpoint(target.address(), check.port());
        Watch watch = new Watch(new TcpProbe(loop, probed, check.schedule().timeout()), check, listener);
        long firstDelayNs = (long) (ThreadLocalRandom.current().nextDouble()
                * Math.min(check.schedule().interval().toNanos(), TimeUnit.SECONDS.toNanos(1)));
        watch.schedule(firstDelayNs);
        return watch;
    }

    /** Ends all watches without calling their listeners. */
    @Override
    public void close() {
        ended = true;
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    /** One target's checks. Closed from any thread; everything else happens on the probing thread. */
    public final class Watch implements AutoCloseable {
        private final TcpProbe probe;
        private final Duration interval;
        private final HealthState state;
        private final HealthListener listener;
        private volatile boolean closed;
        private volatile Future<?> next;

        private Watch(TcpProbe probe, HealthCheck check, HealthListener listener) {
            this.probe = probe;
            this.listener = listener;
            interval = check.schedule().interval();
            state = new HealthState(check.rise(), check.fall());
        }

        @Override
        public void close() {
            closed = true;
            next.cancel(false);
        }

        private boolean isOver() {
            return closed || ended;
        }

        private void schedule(long delayNs) {
            try {
                next = loop.schedule(this::probe, delayNs, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                if (!ended) {
                    throw e;
                }
                next = loop.newFailedFuture(e);
            }
        }

        private void probe() {
            if (isOver()) {
                return;
            }
            double spread = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
            long nextProbeNs = System.nanoTime() + (long) (interval.toNanos() * spread);
            probe.run(new TcpProbe.Outcome() {
                @Override
                public void onConnected() {
                    onResult(true, "connected", nextProbeNs);
                }

                @Override
                public void onFailed(String reason) {
                    onResult(false, reason, nextProbeNs);
                }

                @Override
                public void onNoVerdict() {
                    scheduleAt(nextProbeNs);
                }
            });
        }

        private void onResult(boolean success, String evidence, long nextProbeNs) {
            if (!isOver() && state.onResult(success)) {
                listener.onTransition(state.isUp(), evidence);
            }
            scheduleAt(nextProbeNs);
        }

        private void scheduleAt(long nextProbeNs) {
            if (!isOver()) {
                schedule(Math.max(0, nextProbeNs - System.nanoTime()));
            }
        }
    }
}
