package io.penstock.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.NoAnswerException;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.Json;
import io.penstock.admin.ServerSentEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Shows what happened in a running process, and goes on if asked to, also across its restarts. Which events there are to choose
 * from is the program's to say.
 */
public abstract class FollowingCommand implements Callable<Integer> {
    private static final String URI = "/v1/events";

    /** Between two attempts to reach a process that went away. */
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
            names = "--level",
            paramLabel = "LEVEL",
            completionCandidates = Levels.class,
            converter = EventPrinter.LevelConverter.class,
            description = "Only those that matter so much or more: ${COMPLETION-CANDIDATES}.")
    private EventPrinter.Level level = EventPrinter.Level.INFO;

    static final class Levels implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return EventPrinter.Level.words().iterator();
        }
    }

    /** Types that are wanted; empty for all. */
    protected abstract List<String> types();

    /** What they are to be about; empty for anything. */
    protected abstract Optional<String> subject();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        EventPrinter printer = new EventPrinter(spec.commandLine().getOut(), output.isJson(), since);
        try (AdminClient client = server.client(server.timeout())) {
            Reply past = client.send("GET", uri(true), Optional.empty());
            JsonObject answer = Question.object(past);
            if (!past.isSuccess()) {
                err.println(program() + ": " + Question.error(past, answer));
                return ExitCode.SOFTWARE;
            }
            Words.objects(answer, "events").forEach(printer::print);
            printer.onSeen(Words.number(answer, "lastId"));
            return follow ? follow(client, printer, err) : ExitCode.OK;
        } catch (NoAnswerException e) {
            err.println(program() + ": " + e.getMessage());
            return Question.NO_ANSWER;
        } catch (IOException e) {
            err.println(program() + ": " + server.address() + " does not answer as " + program() + " does: "
                    + e.getMessage());
            return Question.NO_ANSWER;
        } finally {
            err.flush();
        }
    }

    private String program() {
        return spec.root().name();
    }

    /** Until it is refused, or nobody reads any more what is printed. */
    private int follow(AdminClient client, EventPrinter printer, PrintWriter err)
            throws IOException, InterruptedException {
        boolean told = false;
        while (true) {
            try {
                Reply ended = client.stream(uri(false), printer.lastId(), event -> print(event, printer));
                if (!ended.isSuccess()) {
                    err.println(program() + ": " + Question.error(ended, Question.object(ended)));
                    return ExitCode.SOFTWARE;
                }
                told = false;
            } catch (NoAnswerException e) {
                if (!told) {
                    err.println(program() + ": " + e.getMessage() + "; waiting for it to come back");
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
        if (!types().isEmpty()) {
            query.put("type", String.join(",", types()));
        }
        subject().ifPresent(name -> query.put("subject", name));
        if (level != EventPrinter.Level.INFO) {
            query.put("level", level.word());
        }
        return Question.uri(URI, query);
    }
}
