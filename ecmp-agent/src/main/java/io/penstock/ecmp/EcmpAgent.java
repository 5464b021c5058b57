package io.penstock.ecmp;

import io.penstock.agent.LiveConfig;
import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import io.penstock.agent.StartException;
import io.penstock.config.ConfigWatcher;
import io.penstock.ecmp.admin.EcmpAdmin;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.config.VipConfig;
import io.penstock.ecmp.control.Controller;
import io.penstock.ecmp.control.KernelNews;
import io.penstock.ecmp.control.SubscribedNews;
import io.penstock.ecmp.health.HealthWatches;
import io.penstock.ecmp.kernel.NetlinkKernel;
import io.penstock.ecmp.operate.AgentStatus;
import io.penstock.ecmp.operate.Operations;
import io.penstock.ecmp.sysctl.WantedSysctls;
import io.penstock.linux.BootClock;
import io.penstock.linux.Syscalls;
import io.penstock.netlink.Subscription;
import io.penstock.netlink.Sysctls;
import io.penstock.process.BugHandler;
import io.penstock.process.Watchdog;
import io.penstock.sysctl.SysctlHolder;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: what is asked of the agent, and all that it is made of. Starts from the kernel up, so that nothing is
 * added before what a former run left was seen, and ends in reverse.
 */
final class EcmpAgent implements Operations {
    private static final Logger LOG = LoggerFactory.getLogger(EcmpAgent.class);

    private final Syscalls syscalls;
    private final SysctlHolder sysctls;
    private final NetlinkKernel kernel;
    private final Controller controller;
    private final HealthWatches watches;
    private final LiveConfig<EcmpConfig> config;
    private final BootClock clock;
    private Optional<EcmpAdmin> admin = Optional.empty();
    private Optional<ConfigWatcher> watcher = Optional.empty();
    private boolean holding;
    private boolean routesStay = true;

    /** Held while what the agent is made of is brought into line with a configuration, by one thread at a time. */
    private final Object changing = new Object();

    private boolean running;
    private boolean released;

    /** Of a VIP of any configuration so far: those that the last does not have may still be leaving. */
    private volatile Duration longestWay;

    /** Of routes that are there or were: what was put into a table must be seen to be removed. */
    private final Set<Integer> tables;

    private EcmpAgent(Syscalls syscalls, EcmpConfig started) throws IOException {
        this.syscalls = syscalls;
        clock = new BootClock(syscalls);
        tables = ConcurrentHashMap.newKeySet();
        addTables(started);
        sysctls = SysctlHolder.open(new Sysctls(), started.stateDirectory(), "ecmp-agent", started.protocol());
        // Before the first look at the kernel, so that nothing happens in between unheard.
        KernelNews news = new SubscribedNews(Subscription.open(syscalls), started);
        try {
            kernel = NetlinkKernel.open(syscalls, () -> tables);
        } catch (IOException e) {
            news.close();
            throw e;
        }
        controller = new Controller(started, syscalls, kernel, news, clock::nowNs);
        watches = new HealthWatches(controller.verdicts(), controller.legs(), clock::nowNs);
        config = new LiveConfig<>(started.file(), new EcmpFile(), started, this::apply, Clock.systemUTC());
        longestWay = longestWay(started);
    }

    /** What a former run has left is adopted when this returns; nothing is left of one that fails. */
    static EcmpAgent start(EcmpConfig config, Syscalls syscalls) throws StartException {
        try {
            EcmpAgent agent = new EcmpAgent(syscalls, config);
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
        EcmpConfig started = config.applied();
        if (started.process().admin().isPresent()) {
            admin = Optional.of(
                    EcmpAdmin.start(started.process().admin().get(), this, controller.figures(), clock::nowNs));
        }
        // Who orders a reload by now waits until there is something to be changed.
        synchronized (changing) {
            hold(started);
            controller.begin();
            BugHandler.thread(controller, Controller.THREAD).start();
            running = true;
            watches.watch(started);
        }
    }

    private void addTables(EcmpConfig wanted) {
        wanted.routes().values().forEach(route -> tables.add(route.table()));
    }

    private void hold(EcmpConfig wanted) {
        holding = true;
        sysctls.hold(WantedSysctls.of(wanted))
                .forEach(problem -> LOG.warn("event=setting-not-held cause=\"{}\"", problem));
    }

    /** VIPs that are not wanted any more are here until they have left, so what they need goes with the next change, or at the end. */
    private void holdBoth(EcmpConfig wanted) {
        Map<String, VipConfig> vips = new LinkedHashMap<>(config.applied().vips());
        vips.putAll(wanted.vips());
        hold(with(wanted, vips, wanted.routes()));
    }

    private static EcmpConfig with(EcmpConfig config, Map<String, VipConfig> vips, Map<String, RouteConfig> routes) {
        return new EcmpConfig(
                config.file(),
                config.process(),
                config.protocol(),
                config.nextHopIds(),
                config.stateDirectory(),
                config.sysctls(),
                vips,
                routes);
    }

    private void apply(EcmpConfig wanted) throws RefusedException {
        synchronized (changing) {
            if (released) {
                throw RefusedException.because("the agent has ended");
            }
            addTables(wanted);
            holdBoth(wanted);
            longestWay = Collections.max(List.of(longestWay, longestWay(wanted)));
            watches.forget(wanted);
            controller.reconfigure(wanted);
            watches.watch(wanted);
        }
    }

    private static Duration longestWay(EcmpConfig config) {
        return config.vips().values().stream()
                .map(vip -> vip.announcement().plus(vip.drain()))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** In which every VIP has left in order, whatever configuration it is of. */
    Duration longestWay() {
        return longestWay;
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
            watcher =
                    Optional.of(ConfigWatcher.start(config::files, readAt, () -> config.reload("file"), "ecmp-files"));
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
    public void withdraw(Optional<String> name) throws RefusedException {
        LOG.info("event=order order=withdraw name={}", name.orElse("(all)"));
        controller.withdraw(name);
    }

    @Override
    public void resume(String name) throws RefusedException {
        LOG.info("event=order order=resume name={}", name);
        controller.resume(name);
    }

    @Override
    public ReloadResult reload(String trigger) {
        return config.reload(trigger);
    }

    /** The VIPs begin to leave, in order; checks and the admin API go on meanwhile. */
    void stop(boolean withRoutes) {
        routesStay = !withRoutes;
        watcher.ifPresent(ConfigWatcher::close);
        controller.stop(withRoutes);
    }

    /** Those that are left do not wait. */
    void stopNow() {
        controller.stopNow();
    }

    /** Whether everything that was to leave has left within the time. */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        return controller.awaitEnd(limit);
    }

    /** After {@link #awaitEnd}; also when something has not left in time, which the kernel then removes by itself. */
    void close() {
        release();
    }

    private void release() {
        admin.ifPresent(EcmpAdmin::close);
        if (running && !watched().hasEnded()) {
            // Its thread still uses what would be closed, and that goes with the process.
            putBack();
            return;
        }
        synchronized (changing) {
            released = true;
            watches.close();
            controller.close();
            kernel.close();
            putBack();
        }
    }

    private void putBack() {
        if (!holding) {
            // What is remembered may be of an agent that runs: the one that has the address this one could not have.
            return;
        }
        // Routes that stay go on hashing as they did: another policy would move every flow.
        EcmpConfig last = config.applied();
        hold(with(last, Map.of(), routesStay ? last.routes() : Map.of()));
    }
}
