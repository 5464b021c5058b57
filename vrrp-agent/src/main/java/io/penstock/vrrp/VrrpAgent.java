package io.penstock.vrrp;

import io.penstock.admin.AdminConfig;
import io.penstock.agent.LiveConfig;
import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import io.penstock.agent.StartException;
import io.penstock.config.ConfigWatcher;
import io.penstock.linux.BootClock;
import io.penstock.linux.Syscalls;
import io.penstock.process.BugHandler;
import io.penstock.process.Realtime;
import io.penstock.process.Watchdog;
import io.penstock.vrrp.address.LeasedVips;
import io.penstock.vrrp.admin.VrrpAdmin;
import io.penstock.vrrp.config.RealtimeConfig;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.control.Controller;
import io.penstock.vrrp.control.Edges;
import io.penstock.vrrp.control.Rehearsal;
import io.penstock.vrrp.control.SubscribedNews;
import io.penstock.vrrp.event.Journal;
import io.penstock.vrrp.event.VrrpEvent;
import io.penstock.vrrp.event.VrrpEvent.Kind;
import io.penstock.vrrp.operate.AgentStatus;
import io.penstock.vrrp.operate.Operations;
import io.penstock.vrrp.track.Tracks;
import io.penstock.vrrp.wire.LinuxWire;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: what is asked of the agent, and all that it is made of. Starts from the kernel up, and ends in reverse: what
 * was opened last is closed first.
 */
final class VrrpAgent implements Operations {
    private static final Logger LOG = LoggerFactory.getLogger(VrrpAgent.class);

    /** At the end, to be told what happened. */
    private static final Duration HOOKS_LIMIT = Duration.ofSeconds(5);

    private final Syscalls syscalls;
    private final BootClock clock;
    private final LiveConfig<VrrpConfig> config;
    private final Journal journal;
    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final Controller controller;
    private final Tracks tracks;
    private Optional<ConfigWatcher> watcher = Optional.empty();

    /** Held while the parts are brought into line with a configuration, by one thread at a time. */
    private final Object changing = new Object();

    private boolean running;
    private boolean released;

    private VrrpAgent(Syscalls syscalls, VrrpConfig started) throws IOException {
        this.syscalls = syscalls;
        clock = new BootClock(syscalls);
        journal = new Journal(Clock.systemUTC(), syscalls);
        closing.push(() -> journal.close(HOOKS_LIMIT));
        config = new LiveConfig<>(started.file(), new VrrpFile(), started, this::apply, Clock.systemUTC());
        try {
            LinuxWire wire = LinuxWire.open(syscalls);
            closing.push(wire::close);
            LeasedVips vips = LeasedVips.open(syscalls, wire);
            closing.push(vips::close);
            SubscribedNews news = SubscribedNews.open(syscalls);
            // With a clock of its own: it never waits for a thread of lower priority that was preempted while it read
            // the time.
            BootClock punctual = new BootClock(syscalls);
            controller = new Controller(started, syscalls, new Edges(wire, vips, news), journal, punctual::nowNs);
            closing.push(controller::close);
            tracks = new Tracks(controller.board(), clock::nowNs);
            closing.push(tracks::close);
        } catch (IOException e) {
            release();
            throw e;
        }
    }

    /** What a former run has left is adopted when this returns; nothing is left of one that fails. */
    static VrrpAgent start(VrrpConfig config, Syscalls syscalls) throws StartException {
        try {
            VrrpAgent agent = new VrrpAgent(syscalls, config);
            try {
                agent.begin();
                return agent;
            } catch (IOException e) {
                agent.release();
                throw e;
            }
        } catch (IOException e) {
            throw new StartException(e.getMessage());
        }
    }

    private void begin() throws IOException {
        VrrpConfig started = config.applied();
        rehearse(started);
        if (started.process().admin().isPresent()) {
            AdminConfig served = started.process().admin().get();
            VrrpAdmin admin = VrrpAdmin.start(served, this, controller.figures(), journal, clock::nowNs);
            closing.push(admin::close);
        }
        // Who orders a reload by now waits until there is something to be changed.
        synchronized (changing) {
            journal.configure(started.hooks());
            tracks.watch(started);
            controller.begin();
            BugHandler.thread(() -> run(started.process().realtime()), Controller.THREAD)
                    .start();
            running = true;
        }
    }

    /** Before anybody depends on it: what is done for the first time takes long. */
    private void rehearse(VrrpConfig started) {
        try {
            boolean whole = Rehearsal.of(started, syscalls, clock.nowNs());
            LOG.debug("event=rehearsed whole={}", whole);
        } catch (IOException e) {
            LOG.warn("event=not-rehearsed cause=\"{}\" effect=\"the first take-over takes longer\"", e.getMessage());
        }
    }

    /** What the thread may not have it goes without: less punctual, but there. */
    private void run(RealtimeConfig realtime) {
        new Realtime(syscalls)
                .apply(realtime.priority(), realtime.lockMemory(), realtime.cpus())
                .forEach(problem -> LOG.warn("event=not-realtime cause=\"{}\"", problem));
        controller.run();
    }

    private void apply(VrrpConfig wanted) throws RefusedException {
        synchronized (changing) {
            if (released) {
                throw RefusedException.because("the agent has ended");
            }
            tracks.watch(wanted);
            controller.reconfigure(wanted);
            journal.configure(wanted.hooks());
        }
    }

    Syscalls syscalls() {
        return syscalls;
    }

    Watchdog.Watched watched() {
        return controller.watched();
    }

    /**
     * Applies the configuration from now on when its files change.
     *
     * @param readAt when it was read
     */
    void watchFiles(Instant readAt) {
        try {
            watcher = Optional.of(ConfigWatcher.start(config::files, readAt, () -> reload("file"), "vrrp-config"));
        } catch (IOException e) {
            LOG.warn("event=files-not-watched cause=\"{}\" effect=\"changes need SIGHUP\"", e.toString());
        }
    }

    @Override
    public AgentStatus status() {
        return controller.status();
    }

    @Override
    public ReloadResult lastReload() {
        return config.last();
    }

    @Override
    public void failover(String name, Duration holdOff) throws RefusedException {
        LOG.info("event=order order=failover name={} hold-off={}ms", name, holdOff.toMillis());
        controller.failover(name, holdOff);
    }

    @Override
    public void resume(String name) throws RefusedException {
        LOG.info("event=order order=resume name={}", name);
        controller.resume(name);
    }

    @Override
    public ReloadResult reload(String trigger) {
        ReloadResult result = config.reload(trigger);
        String applied = Boolean.toString(result.applied());
        String text = result.applied() ? "applied" : "refused: " + String.join("; ", result.problems());
        journal.record(
                new VrrpEvent(Kind.CONFIG, VrrpEvent.AGENT, text, Map.of("trigger", trigger, "applied", applied)));
        return result;
    }

    /** Active routers say that they stop, and the VIPs go. */
    void stop() {
        watcher.ifPresent(ConfigWatcher::close);
        controller.stop();
    }

    /** Whether all has gone within the time. */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        return controller.awaitEnd(limit);
    }

    /** After {@link #awaitEnd}; also when that was not so in time: leases then run out by themselves. */
    void close() {
        if (running && !watched().hasEnded()) {
            // Its thread still uses what would be closed, and that goes with the process.
            return;
        }
        synchronized (changing) {
            released = true;
            release();
        }
    }

    private void release() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
