package io.penstock.bgp;

import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.BgpConfigReader;
import io.penstock.bgp.gobgp.v3.GobgpV3;
import io.penstock.bgp.guard.Companion;
import io.penstock.bgp.guard.Guard;
import io.penstock.bgp.guard.GuardProgram;
import io.penstock.process.Signals;
import io.penstock.process.StopSignals;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = GuardProgram.COMMAND,
        mixinStandardHelpOptions = true,
        hidden = true,
        description = "Withdraw the agent's paths when the agent is gone or frozen.",
        footer = {
            "",
            "The agent starts one for itself, and tells it by standard input what to",
            "withdraw; that one ends with the agent. With -c it is a service of its own,",
            "for hosts where whatever kills the agent kills its children too: it looks at",
            "the file that the agent keeps in its state-directory, until SIGTERM."
        })
final class GuardCommand implements Callable<Integer> {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The agent's configuration file. Default: what the agent says on standard input.")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        return file == null ? child() : companion();
    }

    /** What ends the agent must not end it: it ends when the agent lets it go, or when its work is done. */
    private static int child() throws InterruptedException {
        for (String signal : List.of("TERM", "INT", "HUP")) {
            Signals.handle(signal, () -> {});
        }
        return Guard.run(GobgpV3::open, System.in, System.out);
    }

    private int companion() throws InterruptedException {
        StopSignals signals = StopSignals.install();
        Signals.handle("HUP", () -> {});
        BgpConfig config = BgpConfigReader.read(file);
        if (config.guard().isEmpty()) {
            // As it should be: a service manager is not to start it again.
            String off = "bgp-anycast-agent: guard is off in " + config.file() + ": nothing to be done";
            spec.commandLine().getErr().println(off);
            return ExitCode.OK;
        }
        CountDownLatch ending = new CountDownLatch(1);
        Companion companion = new Companion(config, config.guard().get(), GobgpV3::open);
        Thread waiting = new Thread(
                () -> {
                    try {
                        signals.await();
                        ending.countDown();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "guard-signals");
        waiting.setDaemon(true);
        waiting.start();
        companion.run(ending);
        return ExitCode.OK;
    }
}
