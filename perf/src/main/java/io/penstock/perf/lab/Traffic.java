package io.penstock.perf.lab;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.perf.change.clients.ClientLoop;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code scripts/lab TOPOLOGY traffic}: clients, and a line a second of who served them; at the end one line of all. */
@Command(
        name = "traffic",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "New connections at a rate and connections that stay, and who serves them. Ctrl-C ends it.")
public final class Traffic implements Callable<Integer> {
    private static final int RATE_MAX = 5_000;
    private static final int LASTING_MAX = 8_000;
    private static final int SECONDS_MAX = 3_600;
    private static final long WAIT_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LASTING_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Those that wait have this long after the last has begun. */
    private static final long DONE_LIMIT_NS = NewClients.PATIENCE_NS + TimeUnit.SECONDS.toNanos(1);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--target",
            paramLabel = "ADDRESS:PORT",
            required = true,
            converter = TargetConverter.class,
            description = "where clients connect to")
    private Endpoint target;

    @Option(
            names = "--sources",
            paramLabel = "PREFIX",
            required = true,
            converter = PrefixConverter.class,
            description = "addresses that clients have; all of them this host's")
    private IpPrefix sources;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "1000",
            description = "how many of these take turns (default: ${DEFAULT-VALUE})")
    private int clients;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "new connections a second (default: ${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--lasting",
            paramLabel = "N",
            defaultValue = "100",
            description = "connections that stay, with a request every 200 ms (default: ${DEFAULT-VALUE})")
    private int lasting;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3600",
            description = "when it ends (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--forwarder",
            paramLabel = "NAME=ADDRESS",
            description = "what to call a forwarder, by its address on the backends' side")
    private Map<String, String> forwarders = new LinkedHashMap<>();

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    /** These are used on the thread of the clients only. */
    private final Tally all = new Tally();

    private final SourceAffinity affinity = new SourceAffinity();
    private Tally second = new Tally();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Traffic()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireRange("--rate", rate, 1, RATE_MAX);
        requireRange("--lasting", lasting, 0, LASTING_MAX);
        requireRange("--seconds", seconds, 1, SECONDS_MAX);
        requireRange("--clients", clients, 1, Sources.room(sources));
        // So that Ctrl-C has the last line too.
        Runtime.getRuntime().addShutdownHook(new Thread(this::endOnSignal, "traffic-end"));
        try {
            return run();
        } finally {
            ended.countDown();
        }
    }

    private void requireRange(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    spec.commandLine(), option + " must be " + min + " to " + max + " (was " + value + ")");
        }
    }

    private void endOnSignal() {
        stop.countDown();
        try {
            ended.await(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int run() throws IOException, InterruptedException {
        Map<String, String> names = new TreeMap<>();
        forwarders.forEach((name, address) -> names.put(address, name));
        TrafficTable table = new TrafficTable(names);
        List<IpAddress> from = Sources.of(sources, clients);
        try (ClientLoop loop = new ClientLoop(WAIT_NS)) {
            LastingClients staying = loop.begin(events ->
                    new LastingClients(events, target, from, LASTING_INTERVAL_NS, NewClients.PATIENCE_NS, true));
            loop.call(() -> {
                staying.open(lasting);
                return staying;
            });
            NewClients coming =
                    loop.begin(events -> new NewClients(events, target, from, rate, Long.MAX_VALUE, this::onOutcome));
            for (int i = 1; i <= seconds && !stop.await(1, TimeUnit.SECONDS); i++) {
                int number = i;
                loop.call(() -> {
                            Tally last = second;
                            second = new Tally();
                            return table.lines(
                                    number,
                                    last,
                                    staying.open(),
                                    staying.breaks().size());
                        })
                        .forEach(out::println);
            }
            loop.call(() -> {
                coming.stop();
                return coming;
            });
            if (stop.getCount() > 0) {
                loop.await(coming::isDone, DONE_LIMIT_NS);
            }
            out.println(loop.call(() -> summary(table, staying)));
            return loop.call(all::served) > 0 ? 0 : 1;
        }
    }

    private void onOutcome(Outcome outcome) {
        second.accept(outcome);
        all.accept(outcome);
        affinity.accept(outcome);
    }

    private String summary(TrafficTable table, LastingClients staying) {
        StringBuilder line = new StringBuilder("event=traffic served=").append(all.served());
        line.append(" failed=").append(all.failed());
        table.named(all.byForwarder())
                .forEach((name, count) ->
                        line.append(' ').append(name).append('=').append(count));
        new TreeMap<>(all.byBackend())
                .forEach((name, count) ->
                        line.append(' ').append(name).append('=').append(count));
        line.append(" slowest-ms=").append(all.slowestNs() / 1_000_000);
        line.append(" lasting=").append(staying.open());
        line.append(" broken=").append(staying.breaks().size());
        table.named(breaksByForwarder(staying))
                .forEach((name, count) ->
                        line.append(' ').append(name).append("-broken=").append(count));
        line.append(" sources=").append(affinity.sources());
        line.append(" through-several=").append(affinity.throughSeveral());
        return line.append(" strayed=").append(affinity.strayed()).toString();
    }

    private static Map<String, Integer> breaksByForwarder(LastingClients staying) {
        Map<String, Integer> breaks = new TreeMap<>();
        staying.breaks().forEach(broken -> breaks.merge(broken.forwarder(), 1, Integer::sum));
        return breaks;
    }

    /** Reads {@code 192.0.2.10:80}. */
    static final class TargetConverter implements ITypeConverter<Endpoint> {
        @Override
        public Endpoint convert(String value) {
            int colon = value.lastIndexOf(':');
            IpAddress address = IpAddress.parse(value.substring(0, Math.max(colon, 0)))
                    .filter(IpAddress::isIpv4)
                    .orElseThrow(() ->
                            new TypeConversionException("must be an IPv4 address and a port (was " + value + ")"));
            return new Endpoint(address, Integer.parseInt(value.substring(colon + 1)));
        }
    }

    /** Reads {@code 10.100.0.0/16}. */
    static final class PrefixConverter implements ITypeConverter<IpPrefix> {
        @Override
        public IpPrefix convert(String value) {
            return IpPrefix.parse(value)
                    .filter(IpPrefix::isIpv4)
                    .orElseThrow(() -> new TypeConversionException("must be a prefix of IPv4 (was " + value + ")"));
        }
    }
}
