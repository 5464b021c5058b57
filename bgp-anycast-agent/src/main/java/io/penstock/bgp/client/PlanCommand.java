package io.penstock.bgp.client;

import io.penstock.admin.Json;
import io.penstock.bgp.client.Plan.Step;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.BgpConfigReader;
import io.penstock.bgp.config.GlobalConfig;
import io.penstock.bgp.control.Forecast;
import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonException.Kind;
import io.penstock.bgp.gobgp.DaemonIdentity;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.gobgp.v3.GobgpV3;
import io.penstock.bgp.policy.Condition;
import io.penstock.cli.ConfigOption;
import io.penstock.cli.OutputOptions;
import io.penstock.cli.Question;
import io.penstock.linux.BootClock;
import io.penstock.linux.LinuxSyscalls;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at health and at the daemon, and says what {@code run} would do first; does nothing. */
@Command(
        name = "plan",
        description = {
            "Prints what the daemon would be told now: what 'run' would announce, withdraw and put right, and what of others it would leave.",
            "Asks for health as 'run' does, until each VIP is judged once, and reads the daemon's table; changes nothing."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  bgp-anycast-agent plan -c /etc/penstock/bgp-anycast-agent.yaml",
            "  bgp-anycast-agent plan -c /etc/penstock/bgp-anycast-agent.yaml --assume-healthy --json"
        })
public final class PlanCommand implements Callable<Integer> {
    private static final int ATTEMPTS = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config;

    @Mixin
    private OutputOptions output;

    @Option(names = "--assume-healthy", description = "Ask nobody about health: as if all VIPs were here and served.")
    private boolean assumeHealthy;

    @Override
    public Integer call() throws InterruptedException {
        BgpConfig read = BgpConfigReader.read(config.file());
        PrintWriter out = spec.commandLine().getOut();
        try (BgpDaemon daemon = GobgpV3.open(read.daemon())) {
            Plan plan = plan(read, daemon);
            if (output.isJson()) {
                out.print(Json.text(plan.json()));
            } else {
                plan.print(out);
            }
            return ExitCode.OK;
        } catch (DaemonException e) {
            return fail(e, e.kind() == Kind.REFUSED ? ExitCode.SOFTWARE : Question.NO_ANSWER);
        } catch (IOException e) {
            return fail(e, ExitCode.SOFTWARE);
        } finally {
            out.flush();
        }
    }

    private int fail(IOException why, int code) {
        spec.commandLine().getErr().println(spec.root().name() + ": " + why.getMessage());
        return code;
    }

    /** The daemon is asked first: without an answer of it there is nothing to wait for. */
    private Plan plan(BgpConfig read, BgpDaemon daemon) throws IOException, InterruptedException {
        DaemonIdentity identity = identity(daemon);
        Optional<GlobalConfig> global = read.global();
        if (!identity.isStarted() && global.isEmpty()) {
            String note =
                    "BGP is not started in the daemon, and the file has no 'global' to start it with: 'run' waits until"
                            + " somebody starts it";
            return new Plan(List.of(), List.of(note));
        }
        long asn = identity.isStarted() ? identity.asn() : global.get().asn();
        LinuxSyscalls syscalls = new LinuxSyscalls();
        BootClock clock = new BootClock(syscalls);
        Map<String, Condition> health =
                assumeHealthy ? HealthOnce.assumed(read, clock.nowNs()) : HealthOnce.ask(read, clock::nowNs, syscalls);
        Forecast forecast = Forecast.of(read, asn, health, clock.nowNs());
        if (!identity.isStarted()) {
            Step start =
                    new Step("start", "as " + asn, "router-id " + global.get().routerId(), "");
            return Plan.of(forecast, List.of(), neighbours(read, forecast, List.of(), daemon))
                    .after(Optional.of(start), List.of());
        }
        Optional<NeighbourPlan> neighbours = neighbours(read, forecast, answer(daemon.peers()), daemon);
        return Plan.of(forecast, answer(daemon.paths()), neighbours)
                .after(Optional.empty(), difference(identity, global));
    }

    private static Optional<NeighbourPlan> neighbours(
            BgpConfig read, Forecast forecast, List<PeerView> there, BgpDaemon daemon)
            throws IOException, InterruptedException {
        return read.peers().isEmpty()
                ? Optional.empty()
                : Optional.of(NeighbourPlan.of(
                        read.peers().get().values(), there, forecast.owner(), differences(forecast, daemon)));
    }

    private static NeighbourPlan.Differences differences(Forecast forecast, BgpDaemon daemon) {
        return peer -> answer(daemon.differences(peer, forecast.owner()));
    }

    /** The first call of a process has to wait for the JVM as well: one that is late is made again. */
    private static DaemonIdentity identity(BgpDaemon daemon) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return answer(daemon.identity());
            } catch (DaemonException e) {
                if (e.kind() != Kind.LATE || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static List<String> difference(DaemonIdentity identity, Optional<GlobalConfig> global) {
        boolean same = global.isEmpty()
                || (global.get().asn() == identity.asn()
                        && global.get().routerId().toString().equals(identity.routerId()));
        return same
                ? List.of()
                : List.of("the daemon is AS " + identity.asn() + ", router-id " + identity.routerId()
                        + ", which is not what the file says; it is not started anew");
    }

    private static <T> T answer(CompletableFuture<T> asked) throws IOException, InterruptedException {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
