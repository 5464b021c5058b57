package io.penstock.agent;

import io.penstock.process.SdNotify;
import io.penstock.process.Watchdog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What the service manager is told of an agent, and that its thread turns. Does nothing where there is no manager. */
public final class Supervision implements AutoCloseable {
    /** What is done after the last VIP has left, and a JVM's own end. */
    private static final Duration AFTER_VIPS = Duration.ofSeconds(15);

    private static final String RUNNING = "running";

    private final SdNotify manager;
    private final Watchdog.Watched thread;
    private final Function<String, ReloadResult> reload;
    private Optional<Watchdog> watchdog = Optional.empty();

    /**
     * Says nothing yet.
     *
     * @param thread whose turns are signs of life
     * @param reload reads the configuration again, and is given what asked for it
     */
    public Supervision(SdNotify manager, Watchdog.Watched thread, Function<String, ReloadResult> reload) {
        this.manager = manager;
        this.thread = thread;
        this.reload = reload;
    }

    /**
     * What a former run left is adopted, and VIPs come as soon as they are to.
     *
     * @param watchdogName of the watchdog's thread, at most 15 characters
     */
    public void ready(String watchdogName) {
        manager.ready(RUNNING);
        watchdog =
                manager.watchdog().map(limit -> Watchdog.start(limit, List.of(thread), manager::alive, watchdogName));
    }

    /** Reads the configuration again; the manager calls the service reloading meanwhile. */
    public void reload() {
        manager.reloading();
        ReloadResult result = reload.apply("signal");
        manager.ready(
                result.applied()
                        ? RUNNING
                        : RUNNING + "; the file was refused: "
                                + result.problems().get(0));
    }

    /**
     * The process is about to end.
     *
     * @param limit for VIPs to leave in
     */
    public void stopping(Duration limit) {
        manager.stopping("VIPs leave, within " + limit.toSeconds() + " s", limit.plus(AFTER_VIPS));
    }

    /** Before the thread that is watched ends for good. */
    @Override
    public void close() {
        watchdog.ifPresent(Watchdog::close);
    }
}
