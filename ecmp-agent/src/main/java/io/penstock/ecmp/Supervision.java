package io.penstock.ecmp;

import io.penstock.ecmp.operate.ReloadResult;
import io.penstock.process.SdNotify;
import io.penstock.process.Watchdog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the service manager is told of this agent, and that its thread turns. Does nothing where there is no manager. */
final class Supervision implements AutoCloseable {
    /** What is done after the last VIP has left, and a JVM's own end. */
    private static final Duration AFTER_VIPS = Duration.ofSeconds(15);

    private static final String RUNNING = "running";

    private final EcmpAgent agent;
    private final SdNotify manager;
    private Optional<Watchdog> watchdog = Optional.empty();

    private Supervision(EcmpAgent agent, SdNotify manager) {
        this.agent = agent;
        this.manager = manager;
    }

    /** @param environment which says where the manager listens */
    static Supervision of(EcmpAgent agent, Map<String, String> environment) {
        return new Supervision(agent, SdNotify.of(agent.syscalls(), environment));
    }

    /** What a former run left is adopted, and VIPs come as soon as they are served. */
    void ready() {
        manager.ready(RUNNING);
        watchdog = manager.watchdog()
                .map(limit -> Watchdog.start(limit, List.of(agent.watched()), manager::alive, "ecmp-watchdog"));
    }

    /** Reads the configuration again; the manager calls the service reloading meanwhile. */
    void reload() {
        manager.reloading();
        ReloadResult result = agent.reload("signal");
        manager.ready(
                result.applied()
                        ? RUNNING
                        : RUNNING + "; the file was refused: "
                                + result.problems().get(0));
    }

    /** @param limit for VIPs to leave in */
    void stopping(Duration limit) {
        manager.stopping("VIPs leave, within " + limit.toSeconds() + " s", limit.plus(AFTER_VIPS));
    }

    /** Before the thread that is watched ends for good. */
    @Override
    public void close() {
        watchdog.ifPresent(Watchdog::close);
    }
}
