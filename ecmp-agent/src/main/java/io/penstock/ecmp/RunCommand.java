package io.penstock.ecmp;

import io.penstock.agent.StartException;
import io.penstock.agent.Supervision;
import io.penstock.cli.ConfigOption;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.EcmpConfigReader;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.process.SdNotify;
import io.penstock.process.Signals;
import io.penstock.process.StopSignals;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
        description = "Own VIPs and lead routes until SIGTERM or SIGINT.",
        footer = {
            "",
            "The first signal lets the VIPs leave in order: announced no more, then drained,",
            "then removed; a second one removes them at once. Routes stay for the next run,",
            "unless it is to withdraw them. SIGHUP reads the file again and applies it, whole",
            "or not at all."
        })
final class RunCommand implements Callable<Integer> {
    static final String NAME = "run";

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    /** How often a wait for the VIPs to leave looks for a second signal. */
    private static final Duration STOP_POLL = Duration.ofMillis(50);

    /** For the kernel and the threads, beyond what the configuration gives the VIPs. */
    private static final Duration STOP_SLACK = Duration.ofSeconds(10);

    @Mixin
    private ConfigOption config;

    @Option(
            names = "--withdraw",
            description = "Remove the routes and nexthop objects at the end, also those that a former run has left.")
    private boolean withdraw;

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
        EcmpConfig configuration = EcmpConfigReader.read(config.file());
        LOG.info("state=starting config={}", configuration.file());
        EcmpAgent agent;
        try {
            agent = EcmpAgent.start(configuration, new LinuxSyscalls());
        } catch (StartException e) {
            spec.commandLine().getErr().println("ecmp-agent: " + e.getMessage());
            return ExitCode.SOFTWARE;
        }
        Supervision supervision =
                new Supervision(SdNotify.of(agent.syscalls(), System.getenv()), agent.watched(), agent::reload);
        LOG.info(
                "state=running vips={} routes={}",
                configuration.vips().size(),
                configuration.routes().size());
        supervision.ready("ecmp-watchdog");
        reload.complete(supervision::reload);
        if (configuration.process().watch()) {
            agent.watchFiles(readAt);
        }
        signals.await();
        stop(agent, signals, supervision);
        supervision.close();
        agent.close();
        LOG.info("state=stopped");
        return ExitCode.OK;
    }

    private void stop(EcmpAgent agent, StopSignals signals, Supervision supervision) throws InterruptedException {
        Duration limit = agent.longestWay().plus(STOP_SLACK);
        long deadlineNs = System.nanoTime() + limit.toNanos();
        supervision.stopping(limit);
        LOG.info("state=stopping limit={}s withdraw-routes={}", limit.toSeconds(), withdraw);
        agent.stop(withdraw);
        while (!agent.awaitEnd(STOP_POLL)) {
            if (signals.await(0, TimeUnit.NANOSECONDS)) {
                LOG.warn("event=second-signal effect=\"VIPs leave at once\"");
                agent.stopNow();
            }
            if (System.nanoTime() >= deadlineNs) {
                LOG.warn("event=stop-limit effect=\"what is left goes when its lease runs out\"");
                return;
            }
        }
    }
}
