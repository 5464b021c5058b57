package io.penstock.forwarder;

import io.penstock.forwarder.operate.ReloadResult;
import io.penstock.forwarder.reload.LiveConfig;
import io.penstock.process.SdNotify;
import io.penstock.process.Watchdog;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What the service manager is told of this forwarder, and that its threads turn. Does nothing where there is no manager. */
final class Supervision implements AutoCloseable {
    /** What is done after the last connection, and a JVM's own end. */
    private static final Duration AFTER_DRAIN = Duration.ofSeconds(15);

    private final Forwarder forwarder;
    private final SdNotify manager;
    private Optional<Watchdog> watchdog = Optional.empty();

    private Supervision(Forwarder forwarder, SdNotify manager) {
        this.forwarder = forwarder;
        this.manager = manager;
    }

    /** @param environment which says where the manager listens */
    static Supervision of(Forwarder forwarder, Map<String, String> environment) {
        return new Supervision(forwarder, SdNotify.of(forwarder.syscalls(), environment));
    }

    /** Clients are served. */
    void ready() {
        manager.ready(running());
        watchdog = manager.watchdog()
                .map(limit -> Watchdog.start(limit, forwarder.watched(), manager::alive, "fwd-watchdog"));
    }

    /** Reads the configuration again; the manager calls the service reloading meanwhile. */
    void reload(LiveConfig config) {
        manager.reloading();
        ReloadResult result = config.reload("signal");
        manager.ready(
                result.applied()
                        ? running()
                        : running() + "; the file was refused: "
                                + result.problems().get(0));
    }

    private String running() {
        return "running, " + forwarder.workers() + " workers";
    }

    /** An operator has ordered it; for the manager the service goes on until it has ended. */
    void draining() {
        manager.status("draining, ends with its last connection");
    }

    /** @param limit for connections to end in */
    void stopping(Duration limit) {
        manager.stopping("draining, for " + limit.toSeconds() + " s at most", limit.plus(AFTER_DRAIN));
    }

    /** @param pid of the process that serves from now on, 0 when it is not known */
    void handOver(int pid) {
        if (pid > 0) {
            manager.handOver(pid);
        }
    }

    /** Before the threads that are watched end for good. */
    @Override
    public void close() {
        watchdog.ifPresent(Watchdog::close);
    }
}
