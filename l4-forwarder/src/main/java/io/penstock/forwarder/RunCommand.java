package io.penstock.forwarder;

import io.penstock.cli.ConfigOption;
import io.penstock.config.Rate;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ForwarderConfigReader;
import io.penstock.forwarder.listen.TakeOverServer;
import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.xdp.PlaneAccess;
import io.penstock.forwarder.xdp.XdpException;
import io.penstock.process.RunAs;
import io.penstock.process.Signals;
import io.penstock.process.StopSignals;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = RunCommand.NAME,
        mixinStandardHelpOptions = true,
        description = "Forward connections and datagrams until SIGTERM or SIGINT.",
        footer = {
            "",
            "The first signal stops accepting and waits up to drain-timeout for open",
            "connections to finish; a second one cuts them. SIGHUP reads the file again and",
            "applies it, whole or not at all. SIGUSR1 logs what was counted so far."
        })
final class RunCommand implements Callable<Integer> {
    static final String NAME = "run";

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    /** How often a wait for the drain looks for a second signal. */
    private static final Duration DRAIN_POLL = Duration.ofMillis(50);

    /** Why the process comes to its end. */
    private enum End {
        SIGNAL,
        HANDED_OVER,
        /** A drain was ordered, which has a plan of its own. */
        OPERATOR
    }

    @Mixin
    private ConfigOption config;

    @Option(
            names = "--take-over",
            description =
                    "Take the listening sockets of the forwarder that runs with this configuration's take-over.socket, "
                            + "which then drains and ends. When none runs this is an ordinary start.")
    private boolean takeOver;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        StopSignals signals = StopSignals.install();
        // The JVM would end on SIGHUP; one that comes while this starts is obeyed when it runs.
        CompletableFuture<Runnable> reload = new CompletableFuture<>();
        Signals.handle("HUP", () -> {
            CompletableFuture<?> unused = reload.thenAccept(Runnable::run);
        });
        Instant readAt = Instant.now();
        Preloading preloading = Preloading.start();
        ForwarderConfig configuration = ForwarderConfigReader.read(config.file());
        Optional<String> user = configuration.process().user();
        if (user.isPresent()) {
            // Libraries are unpacked into files while they are loaded, which the execution of another program would
            // leave behind.
            preloading.await();
            try {
                if (configuration.xdp().isPresent() && RunAs.isRoot()) {
                    PlaneAccess.give(configuration.xdp().get().name(), user.get());
                }
                RunAs.become(user.get(), Capabilities.neededBy(configuration));
            } catch (RunAs.RefusedException | XdpException e) {
                spec.commandLine().getErr().println("l4-forwarder: " + e.getMessage());
                return ExitCode.SOFTWARE;
            }
        }
        LOG.info("state=starting config={}", configuration.file());
        if (!configuration.sharedSecret()) {
            LOG.info(
                    "event=random-hash-key effect=\"other forwarders and the next start pick other backends; set secret-file\"");
        }
        Forwarder forwarder;
        try {
            forwarder = Startup.start(configuration, preloading.syscalls(), takeOver);
        } catch (StartException e) {
            spec.commandLine().getErr().println("l4-forwarder: " + e.getMessage());
            return ExitCode.SOFTWARE;
        }
        Signals.handle("USR1", forwarder::logTotals);
        Supervision supervision = Supervision.of(forwarder, System.getenv());
        AtomicReference<End> end = new AtomicReference<>(End.SIGNAL);
        forwarder.onDrainAsked(() -> {
            end.set(End.OPERATOR);
            signals.raise();
        });
        forwarder.offer(new TakeOverServer.Owner() {
            @Override
            public String overrides() {
                return forwarder.config().exportOverrides();
            }

            @Override
            public void letGo() {
                forwarder.letGo();
            }

            @Override
            public void takeBack() {
                forwarder.takeBack();
            }

            @Override
            public void onHandedOver(int pid) {
                supervision.handOver(pid);
                end.set(End.HANDED_OVER);
                signals.raise();
            }
        });
        LOG.info("state=running workers={}", forwarder.workers());
        supervision.ready();
        reload.complete(() -> {
            forwarder.flowLog().reopen();
            supervision.reload(forwarder.config());
        });
        if (configuration.process().watch()) {
            forwarder.watchFiles(readAt);
        }
        signals.await();
        drain(forwarder, signals, forwarder.config().file(), end.get(), supervision);
        supervision.close();
        forwarder.stop();
        LOG.info("state=stopped");
        return ExitCode.OK;
    }

    /** Without a signal so far, the first one only asks for what is done already, and the next one cuts. */
    private static void drain(
            Forwarder forwarder, StopSignals signals, ForwarderConfig configuration, End end, Supervision supervision)
            throws InterruptedException {
        boolean asked = end == End.SIGNAL;
        Duration timeout = configuration.drainTimeout();
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        if (end == End.OPERATOR) {
            logDraining(forwarder, "none");
            supervision.draining();
        } else {
            supervision.stopping(timeout);
            logDraining(forwarder, timeout.toMillis() + "ms");
            forwarder.drain(configuration.drainRate().map(rate -> plan(rate, timeout)));
        }
        boolean bounded = end != End.OPERATOR;
        while (!forwarder.awaitDrained(DRAIN_POLL)) {
            boolean signalled = signals.await(0, TimeUnit.NANOSECONDS);
            if (signalled && asked) {
                LOG.warn("event=second-signal cut={}", forwarder.open());
                return;
            }
            if (signalled) {
                asked = true;
                LOG.info("event=signal effect=\"draining already; the next one cuts\"");
            }
            if (signalled && !bounded) {
                bounded = true;
                supervision.stopping(timeout);
                deadlineNs = System.nanoTime() + timeout.toNanos();
            }
            if (bounded && System.nanoTime() >= deadlineNs) {
                LOG.warn("event=drain-timeout cut={}", forwarder.open());
                return;
            }
        }
    }

    private static void logDraining(Forwarder forwarder, String timeout) {
        LOG.info(
                "state=draining connections={} sessions={} timeout={}",
                forwarder.openConnections(),
                forwarder.openSessions(),
                timeout);
    }

    /** What is left at the deadline ends with the process. */
    private static DrainPlan plan(Rate rate, Duration timeout) {
        return new DrainPlan(
                (double) rate.count() / rate.per().toSeconds(),
                DrainPlan.DEFAULT_JITTER_PERCENT,
                Optional.of(timeout),
                false);
    }
}
