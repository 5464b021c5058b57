package io.penstock.forwarder.client;

import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.NoAnswerException;
import io.penstock.cli.Question;
import io.penstock.cli.ServerOptions;
import io.penstock.forwarder.client.top.LiveTop;
import io.penstock.forwarder.client.top.Order;
import io.penstock.forwarder.client.top.PlainTop;
import io.penstock.forwarder.client.top.Sample;
import io.penstock.forwarder.client.top.Source;
import io.penstock.forwarder.client.top.TopOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Shows a running forwarder live. */
@Command(
        name = "top",
        description = {
            "Shows a running forwarder live: services, backends, rates, latencies, health, workers, the last events.",
            "The key ? explains keys and columns. Where there is no terminal it prints one page and ends.",
            "The environment variable NO_COLOR, set to anything, turns colours off."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  l4-forwarder top -c /etc/penstock/forwarder.yaml",
            "  l4-forwarder top --sort fail --filter web/",
            "  l4-forwarder top --once --interval 10s"
        })
public final class TopCommand implements Callable<Integer> {
    /** A forwarder that takes longer is told as silent, whatever --timeout allows. */
    private static final Duration MAX_TIMEOUT = Duration.ofSeconds(5);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "DURATION",
            converter = ServerOptions.TimeoutConverter.class,
            defaultValue = "1s",
            description = "How often to ask; rates are those of this time. Default: 1s.")
    private Duration interval;

    @Option(
            names = "--sort",
            paramLabel = "COLUMN",
            converter = OrderConverter.class,
            completionCandidates = OrderNames.class,
            description = "Order backends by: ${COMPLETION-CANDIDATES}. Default: as the file has them.")
    private Order order;

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only backends with this text in name, address or state.")
    private String filter;

    @Option(names = "--once", description = "Print one page as text, and end.")
    private boolean once;

    @Override
    public Integer call() throws InterruptedException {
        Duration timeout = server.timeout().compareTo(MAX_TIMEOUT) < 0 ? server.timeout() : MAX_TIMEOUT;
        TopOptions options = new TopOptions(Optional.ofNullable(order), filter);
        try (AdminClient client = server.client(timeout)) {
            Source source = new StatusSource(client);
            Sample first = source.read();
            String address = server.address().toString();
            if (once || !TerminalFiles.isTerminal()) {
                PlainTop.print(
                        source,
                        first,
                        address,
                        interval,
                        options,
                        spec.commandLine().getOut());
                return ExitCode.OK;
            }
            try (Terminal terminal =
                    TerminalBuilder.builder().system(true).exec(true).dumb(true).build()) {
                if (Terminal.TYPE_DUMB.equals(terminal.getType())) {
                    PlainTop.print(
                            source,
                            first,
                            address,
                            interval,
                            options,
                            spec.commandLine().getOut());
                } else {
                    LiveTop.run(terminal, source, first, address, interval, options);
                }
            }
            return ExitCode.OK;
        } catch (NoAnswerException e) {
            return failed(e, Question.NO_ANSWER);
        } catch (IOException e) {
            return failed(e, ExitCode.SOFTWARE);
        }
    }

    private int failed(IOException why, int code) {
        spec.commandLine().getErr().println("l4-forwarder: " + why.getMessage());
        spec.commandLine().getErr().flush();
        return code;
    }

    static final class OrderConverter implements ITypeConverter<Order> {
        @Override
        public Order convert(String text) {
            return Arrays.stream(Order.values())
                    .filter(order -> order.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is none of " + String.join(", ", new OrderNames())));
        }
    }

    static final class OrderNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Order.values()).map(Order::toString).iterator();
        }
    }
}
