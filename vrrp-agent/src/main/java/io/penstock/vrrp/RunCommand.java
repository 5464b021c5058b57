package io.penstock.vrrp;

import io.penstock.agent.StartException;
import io.penstock.agent.Supervision;
import io.penstock.cli.ConfigOption;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.process.SdNotify;
import io.penstock.process.Signals;
import io.penstock.process.StopSignals;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.config.VrrpConfigReader;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
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
        description = "Share VIPs with other hosts until SIGTERM or SIGINT.",
        footer = {
            "",
            "A signal has active routers say that they stop, so that another host takes",
            "over at once, and removes the VIPs. SIGHUP reads the file again and applies",
            "it, whole or not at all."
        })
final class RunCommand implements Callable<Integer> {
    static final String NAME = "run";

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    /** It takes milliseconds; who waits longer than this waits for a kernel that does not answer. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

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
        VrrpConfig configuration = VrrpConfigReader.read(config.file());
        LOG.info("state=starting config={}", configuration.file());
        VrrpAgent agent;
        try {
            agent = VrrpAgent.start(configuration, new LinuxSyscalls());
        } catch (StartException e) {
            spec.commandLine().getErr().println("vrrp-agent: " + e.getMessage());
            return ExitCode.SOFTWARE;
        }
        Supervision supervision =
                new Supervision(SdNotify.of(agent.syscalls(), System.getenv()), agent.watched(), agent::reload);
        LOG.info("state=running routers={}", configuration.routers().size());
        supervision.ready("vrrp-watchdog");
        reload.complete(supervision::reload);
        if (configuration.process().watch()) {
            agent.watchFiles(readAt);
        }
        signals.await();
        stop(agent, supervision);
        supervision.close();
        agent.close();
        LOG.info("state=stopped");
        return ExitCode.OK;
    }

    /** First what others wait for. */
    private static void stop(VrrpAgent agent, Supervision supervision) throws InterruptedException {
        agent.stop();
        supervision.stopping(STOP_LIMIT);
        if (!agent.awaitEnd(STOP_LIMIT)) {
            LOG.warn("event=stop-limit effect=\"what is left goes when its lease runs out\"");
        }
    }
}
