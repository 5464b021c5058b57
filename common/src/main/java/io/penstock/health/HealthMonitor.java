package io.penstock.health;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.penstock.net.Endpoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Checks targets on one thread of its own, until each watch or the monitor is closed. Each check has its own schedule;
 * their states make one verdict, whose changes the listener is told. Programs are waited for on threads beside it, 16 at
 * a time. Safe from any thread.
 */
public final class HealthMonitor implements AutoCloseable {
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Programs programs;
    private final ProberFactory probers;

    /** This and the next: of the event loop only. */
    private final Set<Repeaters> watches = new HashSet<>();

    private boolean ended;

    /**
     * Starts the thread.
     *
     * @param threadName at most 15 characters show in ps and top
     */
    public HealthMonitor(String threadName) {
        group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(threadName, true), EpollIoHandler.newFactory());
        loop = group.next();
        programs = new Programs(threadName + "-x");
        probers = new ProberFactory(loop, programs);
    }

    /**
     * Checks a target until the returned watch is closed. The first probes come within one interval, at random. Once the
     * monitor is closed a watch does nothing.
     *
     * @param target by TCP and UDP; of a UNIX socket by its stream, which checks over UDP cannot reach
     * @param listener told of changes only; how it begins says {@link HealthPlan#isUpAtFirst}
     */
    public Watch watch(Endpoint target, HealthPlan plan, HealthListener listener) {
        return watch(ProbeTarget.of(target), plan, listener);
    }

    /** As the other, by the way that the target's mark says. */
    public Watch watch(ProbeTarget target, HealthPlan plan, HealthListener listener) {
        return begin(closed -> {
            TargetHealth health = new TargetHealth(plan, listener);
            List<Repeater> repeaters = new ArrayList<>();
            for (int i = 0; i < plan.checks().size(); i++) {
                HealthCheck check = plan.checks().get(i);
                int index = i;
                repeaters.add(new Repeater(
                        loop,
                        probers.of(check, target),
                        check.schedule(),
                        closed,
                        (result, durationNs) -> health.onResult(index, result, durationNs)));
            }
            return repeaters;
        });
    }

    /**
     * Asks the agent of a target until the returned watch is closed; {@link Schedule#initial} and the fast interval mean
     * nothing here.
     *
     * @param target whose address the agent has; the port is the agent's own
     */
    public Watch watchAgent(Endpoint target, AgentCheck agent, AgentListener listener) {
        return begin(closed -> List.of(
                new Repeater(loop, probers.of(agent, target), agent.schedule(), closed, new AgentWatch(listener))));
    }

    private Watch begin(RepeaterSource source) {
        Repeaters watch = new Repeaters();
        execute(() -> watch.start(source));
        return watch;
    }

    private void execute(Runnable action) {
        try {
            loop.execute(action);
        } catch (RejectedExecutionException e) {
            if (!loop.isShuttingDown()) {
                throw e;
            }
        }
    }

    /** Ends all watches without calling their listeners, and kills the programs that run. */
    @Override
    public void close() {
        execute(() -> {
            ended = true;
            // All of it: with no quiet period, an event loop may end without closing what is still registered.
            List.copyOf(watches).forEach(Repeaters::closeAll);
        });
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        programs.close();
    }

    /** One target's checks, or its agent's. Closed from any thread, after which no call of the listener begins. */
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    private interface RepeaterSource {
        List<Repeater> repeaters(BooleanSupplier closed);
    }

    private final class Repeaters implements Watch {
        private List<Repeater> repeaters = List.of();
        private volatile boolean closed;

        private void start(RepeaterSource source) {
            if (!closed && !ended) {
                repeaters = source.repeaters(() -> closed);
                watches.add(this);
                repeaters.forEach(Repeater::start);
            }
        }

        @Override
        public void close() {
            closed = true;
            execute(this::closeAll);
        }

        private void closeAll() {
            closed = true;
            watches.remove(this);
            repeaters.forEach(Repeater::close);
        }
    }
}
