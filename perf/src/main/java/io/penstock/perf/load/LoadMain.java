package io.penstock.perf.load;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The load generator's command line. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Clients and their backend in one thread, on either side of a target.",
            "Prints 'ready'; then, for each line 'go' or 'go RATE' of standard input, 'start' and 'end' around the "
                    + "measured period and one line of JSON. 'quit' or the end of the input ends it."
        })
public final class LoadMain implements Callable<Integer> {
    private static final int CONNECTIONS_MAX = 9_800;
    private static final int SECONDS_MAX = 600;
    private static final int WARM_UP_MS_MAX = 60_000;
    private static final int LOCALHOST = 0x7f000001;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "WORKLOAD", description = "latency, many, idle or cold")
    private String workload;

    @Option(names = "--target", paramLabel = "IPV4:PORT", required = true, description = "what is measured")
    private String target;

    @Option(
            names = "--backend-port",
            paramLabel = "PORT",
            required = true,
            description = "of the backend, on 127.0.0.1")
    private int backendPort;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3",
            description = "measured period (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "that make requests (default: latency 50, many 5000, idle 200)")
    private Integer connections;

    @Option(
            names = "--idle",
            paramLabel = "N",
            defaultValue = "9000",
            description = "idle connections (default: ${DEFAULT-VALUE})")
    private int idle;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "1000",
            description = "requests (latency) or connections (cold) a second; 0: latency as a closed loop"
                    + " (default: ${DEFAULT-VALUE})")
    private double rate;

    @Option(
            names = "--warm-up-ms",
            paramLabel = "MS",
            defaultValue = "500",
            description = "of the target before each measured period, none for cold (default: ${DEFAULT-VALUE})")
    private int warmUpMs;

    @Option(
            names = "--self-warm-up-ms",
            paramLabel = "MS",
            defaultValue = "1500",
            description = "of the generator, before ready (default: ${DEFAULT-VALUE})")
    private int selfWarmUpMs;

    public static void main(String[] args) {
        System.exit(new CommandLine(new LoadMain()).execute(args));
    }

    @Override
    public Integer call() {
        WorkloadKind kind = kind();
        RunPlan plan = plan(kind);
        requireBetween("--self-warm-up-ms", 0, selfWarmUpMs, WARM_UP_MS_MAX);
        requireBetween("--backend-port", 1, backendPort, Endpoint.MAX_PORT);
        Endpoint own = new Endpoint(IpAddress.ofIpv4(LOCALHOST), backendPort);
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.US_ASCII);
        try (Generator generator = new Generator(new LinuxSyscalls(), kind, own, out)) {
            generator.warmUp(selfWarmUpMs * NANOS_PER_MILLI);
            generator.serve(plan);
            return CommandLine.ExitCode.OK;
        } catch (LoadException e) {
            System.err.println("load: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private WorkloadKind kind() {
        try {
            return WorkloadKind.of(workload);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private RunPlan plan(WorkloadKind kind) {
        int active = connections == null ? kind.connections() : connections;
        requireBetween("--connections", 1, active, CONNECTIONS_MAX);
        requireBetween("--idle", 0, idle, CONNECTIONS_MAX);
        requireBetween("--seconds", 1, seconds, SECONDS_MAX);
        requireBetween("--warm-up-ms", 0, warmUpMs, WARM_UP_MS_MAX);
        double usedRate = kind.hasRate() ? rate : 0;
        require(GoLine.isRate(usedRate, kind), "--rate cannot be " + rate + " for " + kind);
        return new RunPlan(
                targetEndpoint(),
                active,
                idle,
                usedRate,
                warmUpMs * NANOS_PER_MILLI,
                seconds * NANOS_PER_SECOND,
                Marks.NONE);
    }

    private Endpoint targetEndpoint() {
        int colon = target.lastIndexOf(':');
        try {
            IpAddress address = IpAddress.parse(target.substring(0, Math.max(0, colon)))
                    .orElseThrow(() -> new IllegalArgumentException("not an address"));
            return new Endpoint(address, Integer.parseInt(target.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--target must be like 127.0.0.1:80 (was " + target + ")");
        }
    }

    private void requireBetween(String option, int least, int value, int most) {
        require(least <= value && value <= most, option + " must be " + least + " to " + most + " (was " + value + ")");
    }

    private void require(boolean met, String problem) {
        if (!met) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }
}
