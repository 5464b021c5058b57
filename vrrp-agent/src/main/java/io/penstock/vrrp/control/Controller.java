package io.penstock.vrrp.control;

import static io.penstock.linux.EpollConstants.EPOLLIN;

import io.penstock.agent.Orders;
import io.penstock.agent.RefusedException;
import io.penstock.linux.Epoll;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.linux.Wakeup;
import io.penstock.process.Watchdog;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.event.EventRecorder;
import io.penstock.vrrp.operate.AgentStatus;
import io.penstock.vrrp.operate.AgentStatus.Phase;
import io.penstock.vrrp.protocol.AdvertisementCodec;
import io.penstock.vrrp.protocol.State;
import io.penstock.vrrp.track.TrackBoard;
import io.penstock.vrrp.wire.Packet;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's thread, {@code vrrp-agent}: waits for packets, for what the kernel and tracks tell, for orders and deadlines, and has the
 * routers act on them. What was heard comes before what is due: after a stall it may say that somebody else is active by now. {@link
 * #begin} and {@link #run} are of that thread; all else is safe from any.
 */
public final class Controller implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

    public static final String THREAD = "vrrp-agent";
    private static final long WAKEUP = 1;
    private static final long KERNEL = 2;

    /** A status is at most as old as this when something is merely counted; it is a fresh one at every change. */
    private static final long STATUS_NS = 200_000_000;

    /** Without anything to do. */
    private static final long IDLE_NS = 10_000_000_000L;

    private final Epoll epoll;
    private final Wakeup wakeup;
    private final Orders orders;
    private final Edges edges;
    private final LongSupplier clock;
    private final AgentFigures figures = new AgentFigures();
    private final AtomicBoolean trackNews = new AtomicBoolean();
    private final TrackBoard board = new TrackBoard(this::onTrack);
    private final KernelTrouble kernel = new KernelTrouble(figures);
    private final Strangers strangers = new Strangers();
    private final Listeners listeners;
    private final Routers routers;
    private final Situation situation;
    private final Configuration configuration;
    private final Report report;
    private VrrpConfig config;
    private boolean applied;
    private Phase phase = Phase.STARTING;
    private long nowNs;
    private volatile AgentStatus status;

    /**
     * The edges are this thread's from now on, and the news are closed with it.
     *
     * @param clock the agent's, CLOCK_BOOTTIME
     */
    public Controller(VrrpConfig config, Syscalls syscalls, Edges edges, EventRecorder recorder, LongSupplier clock) {
        this.config = config;
        this.edges = edges;
        this.clock = clock;
        epoll = Epoll.precise(syscalls);
        wakeup = new Wakeup(syscalls, epoll, WAKEUP);
        orders = new Orders(wakeup::signal);
        int result = epoll.add(edges.news().fd(), EPOLLIN, KERNEL);
        if (result < 0) {
            throw new IllegalStateException("epoll_ctl: " + Errno.describe(-result));
        }
        report = new Report(recorder);
        listeners = new Listeners(edges.wire(), epoll);
        routers = new Routers(edges.keeper(), report, figures);
        situation = new Situation(board, listeners, routers, report, config.protocol());
        configuration = new Configuration(routers, situation, listeners, edges.keeper());
        nowNs = clock.getAsLong();
        publish();
    }

    /** Where watches leave what they know. */
    public TrackBoard board() {
        return board;
    }

    public AgentFigures figures() {
        return figures;
    }

    /** As of the last turn in which something has changed. */
    public AgentStatus status() {
        return status;
    }

    /** Starts the routers, before the thread is started: what a former run left is adopted. */
    public void begin() throws IOException {
        nowNs = clock.getAsLong();
        edges.news().take(situation.interfaces());
        apply();
        situation.settle(nowNs);
        phase = Phase.RUNNING;
        publish();
    }

    @Override
    public void run() {
        try {
            while (phase != Phase.STOPPING) {
                turn(IDLE_NS);
            }
        } finally {
            orders.end();
        }
    }

    /** @param longestNs of its wait for something to happen */
    void turn(long longestNs) {
        boolean told = awaitNews(longestNs);
        figures.count(AgentCounter.TURNS);
        if (routers.deadlineNs() <= nowNs) {
            // It may have come after the wait, however short that was ago by this clock: another stall is between any
            // two lines.
            listeners.drainAll(this::onPacket);
            told = true;
        }
        if (told || kernel.retryAtNs() <= nowNs) {
            takeKernelNews();
        }
        boolean retries = listeners.retryAtNs() <= nowNs;
        if (trackNews.getAndSet(false) || situation.changesAtNs() <= nowNs || retries) {
            situation.judge(nowNs);
        }
        List<Runnable> answers = orders.carryOut();
        situation.settle(nowNs);
        routers.onDeadlines(nowNs);
        situation.settle(nowNs);
        routers.groups().report(report);
        if (routers.takeChanged() || !answers.isEmpty() || nowNs - status.atNs() >= STATUS_NS) {
            publish();
        }
        answers.forEach(Runnable::run);
    }

    /** Takes packets that have come; returns whether the kernel has told something. */
    private boolean awaitNews(long longestNs) {
        int count = epoll.await(Math.min(longestNs, waitNs()));
        nowNs = clock.getAsLong();
        boolean told = false;
        for (int i = 0; i < count; i++) {
            long token = epoll.token(i);
            if (token == WAKEUP) {
                wakeup.drain();
            } else if (token == KERNEL) {
                told = true;
            } else {
                listeners.drain(token, this::onPacket);
            }
        }
        return told;
    }

    private long waitNs() {
        return Math.max(0, nextNs() - clock.getAsLong());
    }

    /** When the next turn is due though nothing happens; Long.MAX_VALUE for never. */
    long nextNs() {
        long judgeAtNs = Math.min(situation.changesAtNs(), listeners.retryAtNs());
        return Math.min(routers.deadlineNs(), Math.min(kernel.retryAtNs(), judgeAtNs));
    }

    private void onPacket(Listener by, Packet packet) {
        int vrid = AdvertisementCodec.vrid(packet.message, 0, packet.lengthBytes);
        RouterInstance router = by.router(vrid);
        if (router != null) {
            routers.onPacket(router, packet, nowNs);
            return;
        }
        figures.count(AgentCounter.UNKNOWN_VRIDS);
        if (vrid >= 0 && strangers.isNews(by.interfaceName(), vrid, nowNs)) {
            LOG.info("event=unknown-vrid interface={} vrid={} source={}", by.interfaceName(), vrid, packet.source);
        }
    }

    private void takeKernelNews() {
        boolean again = kernel.retryAtNs() <= nowNs;
        boolean done = kernel.guard(
                () -> {
                    if (edges.news().take(situation.interfaces()) || again) {
                        figures.count(AgentCounter.KERNEL_NEWS);
                        if (again && !applied) {
                            apply();
                        }
                        // A host of many containers may tell of other interfaces all the time, and a look takes
                        // milliseconds there.
                        if (situation.interfaces().takeFollowedChanged() || again) {
                            routers.look(nowNs);
                        }
                        situation.judge(nowNs);
                    }
                },
                nowNs);
        noteKernel(done);
    }

    private void noteKernel(boolean done) {
        if (!done) {
            routers.touch();
        } else if (applied) {
            kernel.end();
        }
    }

    private void apply() throws IOException {
        applied = false;
        situation.interfaces().follow(config.interfaceNames());
        configuration.apply(config, nowNs);
        applied = true;
    }

    private void publish() {
        status = StatusReport.of(phase, nowNs, routers, edges.keeper(), figures, kernel.cause());
    }

    private void onTrack() {
        trackNews.set(true);
        wakeup.signal();
    }

    /** See {@link io.penstock.vrrp.operate.Operations#failover}. */
    public void failover(String name, Duration holdOff) throws RefusedException {
        boolean unused = orders.ask(() -> {
            List<RouterInstance> members = members(name);
            if (members.stream().noneMatch(router -> router.state() == State.ACTIVE)) {
                throw RefusedException.because(
                        "'" + name + "' is " + members.get(0).state().label() + ", so there is nothing to hand over");
            }
            for (RouterInstance router : members) {
                routers.perform(router, router.machine().handOver(holdOff, nowNs), nowNs);
            }
            return true;
        });
    }

    /** See {@link io.penstock.vrrp.operate.Operations#resume}. */
    public void resume(String name) throws RefusedException {
        boolean unused = orders.ask(() -> {
            for (RouterInstance router : members(name)) {
                router.vipTrouble(VipTrouble.NONE);
                router.machine().resume();
            }
            situation.judge(nowNs);
            return true;
        });
    }

    private List<RouterInstance> members(String name) throws RefusedException {
        List<RouterInstance> members = routers.groups().members(name);
        if (members.isEmpty()) {
            throw RefusedException.unknown("no router or group is named '" + name + "'");
        }
        return members;
    }

    /** Takes another configuration; what marks the agent's addresses stays what it was at first. */
    public void reconfigure(VrrpConfig wanted) throws RefusedException {
        boolean unused = orders.ask(() -> {
            if (phase == Phase.STOPPING) {
                throw RefusedException.because("the agent is stopping");
            }
            config = wanted;
            noteKernel(kernel.guard(this::apply, nowNs));
            return true;
        });
    }

    /** Has active routers say that they stop, the VIPs go, and the thread end; waits for none of it, see {@link #awaitEnd}. */
    public void stop() {
        orders.leave(this::end);
    }

    /** The same, of the agent's thread. */
    void end() {
        phase = Phase.STOPPING;
        routers.stopAll(nowNs);
    }

    /** Whether the thread has ended within the time. */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return orders.awaitEnd(limit);
    }

    /** For the service manager. */
    public Watchdog.Watched watched() {
        return orders.watched(THREAD);
    }

    /** Once the thread has ended, or was never started, and nobody is left who might wake it. */
    @Override
    public void close() {
        listeners.close();
        edges.news().close();
        wakeup.close();
        epoll.close();
    }
}
