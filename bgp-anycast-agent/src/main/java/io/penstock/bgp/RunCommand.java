package io.penstock.bgp;

import io.penstock.agent.StartException;
import io.penstock.agent.Supervision;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.BgpConfig.OnStop;
import io.penstock.bgp.config.BgpConfigReader;
import io.penstock.cli.ConfigOption;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.process.SdNotify;
import io.penstock.process.Signals;
import io.penstock.process.StopSignals;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = RunCommand.NAME,
        mixinStandardHelpOptions = true,
        description = "Announce VIPs through GoBGP while they can be served, until SIGTERM or SIGINT.",
        footer = {
            "",
            "What a signal does to the paths is the configuration's on-stop: they are",
            "withdrawn (the default), drained first, or kept for the next run. A second",
            "signal withdraws what is still draining. SIGHUP reads the file again and",
            "applies it, whole or not at all. Should the process be killed, or freeze,",
            "its guard withdraws the paths."
        })
final class RunCommand implements Callable<Integer> {
    static final String NAME = "run";

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    /** How often a wait for the paths to go looks for a second signal. */
    private static final Duration STOP_POLL = Duration.ofMillis(50);

    @Mixin
    private ConfigOption config;

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
        BgpConfig configuration = BgpConfigReader.read(config.file());
        LOG.info("state=starting config={}", configuration.file());
        BgpAgent agent;
        try {
            agent = BgpAgent.start(configuration, new LinuxSyscalls());
        } catch (StartException e) {
            spec.commandLine().getErr().println("bgp-anycast-agent: " + e.getMessage());
            return ExitCode.SOFTWARE;
        }
        Supervision supervision =
                new Supervision(SdNotify.of(agent.syscalls(), System.getenv()), agent.watched(), agent::reload);
        LOG.info("state=running vips={}", configuration.vips().size());
        supervision.ready("bgp-watchdog");
        reload.complete(supervision::reload);
        if (configuration.process().watch()) {
            agent.watchFiles(readAt);
        }
        signals.await();
        stop(agent, signals, supervision);
        supervision.close();
        boolean clean = agent.close();
        LOG.info("state=stopped clean={}", clean);
        return ExitCode.OK;
    }

    private static void stop(BgpAgent agent, StopSignals signals, Supervision supervision) throws InterruptedException {
        Duration limit = agent.stopLimit();
        long deadlineNs = System.nanoTime() + limit.toNanos();
        supervision.stopping(limit);
        LOG.info(
                "state=stopping on-stop={} limit={}s",
                agent.onStop().name().toLowerCase(Locale.ROOT),
                limit.toSeconds());
        agent.stop();
        while (!agent.awaitEnd(STOP_POLL)) {
            if (signals.await(0, TimeUnit.NANOSECONDS)) {
                LOG.warn(
                        "event=second-signal effect=\"{}\"",
                        agent.onStop() == OnStop.KEEP
                                ? "none: what is owed is withdrawn, the rest stays"
                                : "what is still announced is withdrawn at once");
                agent.stop();
            }
            if (System.nanoTime() - deadlineNs >= 0) {
                LOG.warn("event=stop-limit effect=\"what is left is the guard's\"");
                return;
            }
        }
    }
}
