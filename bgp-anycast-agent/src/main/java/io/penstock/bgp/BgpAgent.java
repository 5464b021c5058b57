package io.penstock.bgp;

import io.penstock.admin.AdminConfig;
import io.penstock.agent.LiveConfig;
import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import io.penstock.agent.StartException;
import io.penstock.bgp.admin.BgpAdmin;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.BgpConfig.OnStop;
import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.control.Controller;
import io.penstock.bgp.control.OrderFile;
import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.bgp.event.Journal;
import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.gobgp.v3.GobgpV3;
import io.penstock.bgp.guard.GuardKeeper;
import io.penstock.bgp.guard.GuardProgram;
import io.penstock.bgp.guard.RunFile;
import io.penstock.bgp.handover.HandOver;
import io.penstock.bgp.health.HealthWatches;
import io.penstock.bgp.operate.AgentStatus;
import io.penstock.bgp.operate.Operations;
import io.penstock.config.ConfigWatcher;
import io.penstock.events.Event.Level;
import io.penstock.linux.BootClock;
import io.penstock.linux.Syscalls;
import io.penstock.process.BugHandler;
import io.penstock.process.Watchdog;
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
 * The composition root: what is asked of the agent, and all that it is made of. Starts from what it depends on up, and ends in reverse: what
 * was opened last is closed first; but the guard stays until it is known that nothing is left for it to do.
 */
final class BgpAgent implements Operations {
    private static final Logger LOG = LoggerFactory.getLogger(BgpAgent.class);

    /** One after the other at the end, each with its own deadline: the last that was under way, a withdrawal, a look at the table. */
    private static final int STOP_CALLS = 4;

    private static final Duration STOP_SLACK = Duration.ofSeconds(5);

    private final Syscalls syscalls;
    private final BootClock clock;
    private final LiveConfig<BgpConfig> config;
    private final BgpConfig started;
    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final RunFile run;
    private final Journal journal;
    private final Controller controller;
    private final HealthWatches watches;
    private final HandOver handOver;
    private Optional<GuardKeeper> guard = Optional.empty();
    private Optional<ConfigWatcher> watcher = Optional.empty();

    /** Held while the parts are brought into line with a configuration, by one thread at a time. */
    private final Object changing = new Object();

    private boolean running;
    private boolean released;

    private BgpAgent(Syscalls syscalls, BgpConfig started) throws IOException {
        this.syscalls = syscalls;
        this.started = started;
        clock = new BootClock(syscalls);
        config = new LiveConfig<>(started.file(), new BgpFile(), started, this::apply, Clock.systemUTC());
        run = RunFile.take(started.stateDirectory());
        closing.push(run::close);
        journal = new Journal(Clock.systemUTC());
        closing.push(journal::close);
        BgpDaemon daemon = GobgpV3.open(started.daemon());
        closing.push(daemon::close);
        try {
            watches = new HealthWatches(this::onConditions, clock::nowNs, syscalls);
        } catch (IOException e) {
            release();
            throw e;
        }
        closing.push(watches::close);
        OrderFile orders = new OrderFile(started.stateDirectory());
        controller = new Controller(started, daemon, watches, journal, orders, clock::nowNs);
        handOver = HandOver.start(journal, controller::onGivenBack);
        closing.push(handOver::close);
    }

    /** Nothing is left of one that fails. */
    static BgpAgent start(BgpConfig config, Syscalls syscalls) throws StartException {
        try {
            BgpAgent agent = new BgpAgent(syscalls, config);
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
        controller.tellOfDrains(handOver);
        controller.tellOfCharges(owner -> guard.ifPresent(keeper -> keeper.charge(started.daemon(), owner)));
        // Before what a former run has left to be said is said.
        handOver.configure(started);
        controller.begin();
        if (started.process().admin().isPresent()) {
            AdminConfig served = started.process().admin().get();
            BgpAdmin admin = BgpAdmin.start(served, this, controller.figures(), journal, clock::nowNs);
            closing.push(admin::close);
        }
        if (started.guard().isEmpty()) {
            run.takeCharge(true);
        }
        // Nothing fails from here on. Who orders a reload by now waits until there is something to be changed.
        synchronized (changing) {
            guard = started.guard()
                    .map(patience -> GuardKeeper.start(
                            () -> GuardProgram.builder(BgpMain.class.getName()),
                            patience,
                            run,
                            controller.watched(),
                            journal));
            watches.watch(started);
            BugHandler.thread(controller, Controller.THREAD).start();
            running = true;
        }
    }

    private void onConditions() {
        controller.onConditions();
    }

    private void apply(BgpConfig read) throws RefusedException {
        BgpConfig wanted = BgpFile.keeping(started, read);
        synchronized (changing) {
            if (released) {
                throw RefusedException.because("the agent has ended");
            }
            watches.watch(wanted);
            handOver.configure(wanted);
            controller.reconfigure(wanted);
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
            watcher = Optional.of(ConfigWatcher.start(config::files, readAt, () -> reload("file"), "bgp-config"));
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
    public ReloadResult reload(String trigger) {
        ReloadResult result = config.reload(trigger);
        String text = result.applied() ? "applied" : "refused: " + String.join("; ", result.problems());
        Map<String, String> details = Map.of("trigger", trigger, "applied", Boolean.toString(result.applied()));
        Level level = result.applied() ? Level.INFO : Level.WARN;
        journal.record(new BgpEvent(Kind.CONFIG, level, BgpEvent.AGENT, text, details));
        return result;
    }

    @Override
    public void drain(Optional<String> vip, Optional<Duration> wait) throws RefusedException {
        controller.drain(vip, wait);
    }

    @Override
    public void withdraw(Optional<String> vip) throws RefusedException {
        controller.withdraw(vip);
    }

    @Override
    public void resume(Optional<String> vip) throws RefusedException {
        controller.resume(vip);
    }

    /** What becomes of the paths by {@link #stop}. */
    OnStop onStop() {
        return config.applied().onStop();
    }

    /** How long {@link #stop} takes at most: the longest drain that it waits for, and what the daemon is given for its answers. */
    Duration stopLimit() {
        Duration drain = config.applied().vips().values().stream()
                .map(VipConfig::drainWait)
                .filter(wait -> onStop() == OnStop.DRAIN)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return drain.plus(started.daemon().timeout().multipliedBy(STOP_CALLS)).plus(STOP_SLACK);
    }

    /** Has the paths go or stay; called again, has what is still announced withdrawn at once. */
    void stop() {
        watcher.ifPresent(ConfigWatcher::close);
        controller.stop(onStop());
    }

    /** Whether that is done within the time. */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        return controller.awaitEnd(limit);
    }

    /**
     * After {@link #awaitEnd}; also when that was not so in time. Paths that were to be withdrawn and may still be there are left to the
     * guard. Returns whether none are.
     */
    boolean close() throws InterruptedException {
        boolean clean = watched().hasEnded() && !controller.leftPaths();
        if (clean) {
            // First: to let the guard go takes seconds at times, in which a companion gets no signs.
            releaseRun();
        }
        if (guard.isPresent()) {
            if (clean) {
                guard.get().release();
            } else {
                guard.get().abandon();
            }
        }
        if (running && !watched().hasEnded()) {
            // Its thread still uses what would be closed, and that goes with the process.
            return false;
        }
        synchronized (changing) {
            released = true;
            release();
        }
        return clean;
    }

    private void releaseRun() {
        try {
            run.release();
        } catch (IOException e) {
            LOG.warn(
                    "event=run-file-not-written cause=\"{}\" effect=\"a companion withdraws what was to stay\"",
                    e.toString());
        }
    }

    private void release() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
