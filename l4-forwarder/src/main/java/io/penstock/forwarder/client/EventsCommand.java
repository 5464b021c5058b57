package io.penstock.forwarder.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.NoAnswerException;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.Json;
import io.penstock.admin.ServerSentEvent;
import io.penstock.cli.OutputOptions;
import io.penstock.cli.Question;
import io.penstock.cli.ServerOptions;
import io.penstock.cli.Words;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what happened in a running forwarder. */
@Command(
        name = "events",
        description = {
            "Shows what happened in a running forwarder: changes of health, reloads, what operators changed, drains, troubles.",
            "With --follow it goes on, also across restarts of the forwarder, until it is interrupted."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  l4-forwarder events",
            "  l4-forwarder events --since 10m --level warn",
            "  l4-forwarder events --follow --type backend,pool",
            "  l4-forwarder events -f -o json | jq -c 'select(.subject == \"web/web-1\")'"
        })
public final class EventsCommand implements Callable<Integer> {
    private static final String URI = "/v1/events";

    /** Between two attempts to reach a forwarder that went away. */
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Mixin
    private OutputOptions output;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what happens from now on.")
    private boolean follow;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "COUNT",
            description = "At most so many of the past, the latest. Default: 50; with --since all that are remembered.")
    private Integer limit;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Since.Converter.class,
            description = "Only those of the last 10m, 2h and so on, or those after the event of this number.")
    private Since since = Since.EVER;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            split = ",",
            completionCandidates = Types.class,
            description = "Only these: ${COMPLETION-CANDIDATES}. Several with commas.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--subject", paramLabel = "NAME", description = "Only those about this, such as web/web-1.")
    private String subject;

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            completionCandidates = Levels.class,
            converter = EventPrinter.LevelConverter.class,
            description = "Only those that matter so much or more: ${COMPLETION-CANDIDATES}.")
    private EventPrinter.Level level = EventPrinter.Level.INFO;

    static final class Types implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of(
                            "backend",
                            "pool",
                            "service",
                            "vip",
                            "reload",
                            "override",
                            "drain",
                            "listener",
                            "trouble",
                            "process")
                    .iterator();
        }
    }

    static final class Levels implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return EventPrinter.Level.words().iterator();
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        EventPrinter printer = new EventPrinter(spec.commandLine().getOut(), output.isJson(), since);
        try (AdminClient client = new AdminClient(server.address(), server.timeout())) {
            Reply past = client.send("GET", uri(true), Optional.empty());
            JsonObject answer = Question.object(past);
            if (!past.isSuccess()) {
                err.println("l4-forwarder: " + Question.error(past, answer));
                return ExitCode.SOFTWARE;
            }
            Words.objects(answer, "events").forEach(printer::print);
            printer.onSeen(Words.number(answer, "lastId"));
            return follow ? follow(client, printer, err) : ExitCode.OK;
        } catch (NoAnswerException e) {
            err.println("l4-forwarder: " + e.getMessage());
            return Question.NO_ANSWER;
        } catch (IOException e) {
            err.println(
                    "l4-forwarder: " + server.address() + " does not answer as a forwarder does: " + e.getMessage());
            return Question.NO_ANSWER;
        } finally {
            err.flush();
        }
    }

    /** Until it is refused, or nobody reads any more what is printed. */
    private int follow(AdminClient client, EventPrinter printer, PrintWriter err)
            throws IOException, InterruptedException {
        boolean told = false;
        while (true) {
            try {
                Reply ended = client.stream(uri(false), printer.lastId(), event -> print(event, printer));
                if (!ended.isSuccess()) {
                    err.println("l4-forwarder: " + Question.error(ended, Question.object(ended)));
                    return ExitCode.SOFTWARE;
                }
                told = false;
            } catch (NoAnswerException e) {
                if (!told) {
                    err.println("l4-forwarder: " + e.getMessage() + "; waiting for it to come back");
                    err.flush();
                }
                told = true;
            }
            if (printer.isClosed()) {
                return ExitCode.OK;
            }
            TimeUnit.NANOSECONDS.sleep(RECONNECT.toNanos());
        }
    }

    /** What is no JSON object is shown all the same. */
    private static void print(ServerSentEvent event, EventPrinter printer) {
        JsonObject object = new JsonObject();
        object.addProperty("type", event.event());
        object.addProperty("text", event.data());
        try {
            JsonElement data = Json.parse(event.data());
            printer.print(data.isJsonObject() ? data.getAsJsonObject() : object);
        } catch (IOException e) {
            printer.print(object);
        }
    }

    private String uri(boolean past) {
        Map<String, String> query = new LinkedHashMap<>();
        if (past) {
            query.put("follow", "false");
            query.put("limit", Integer.toString(limit != null ? limit : since.limit()));
            since.id().ifPresent(id -> query.put("since", Long.toString(id)));
        }
        if (!types.isEmpty()) {
            query.put("type", String.join(",", types));
        }
        query.put("subject", subject);
        if (level != EventPrinter.Level.INFO) {
            query.put("level", level.word());
        }
        return Question.uri(URI, query);
    }
}
