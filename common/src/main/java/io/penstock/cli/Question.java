package io.penstock.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.NoAnswerException;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** One request to a running process, and what is printed of its answer. */
public final class Question {
    /** The exit code of a command that nobody answered. */
    public static final int NO_ANSWER = 3;

    private static final int MAX_PROBLEMS = 100;

    private final ServerOptions server;
    private final OutputOptions output;
    private final String program;
    private final PrintWriter out;
    private final PrintWriter err;

    Question(ServerOptions server, OutputOptions output, CommandSpec command) {
        this.server = server;
        this.output = output;
        program = command.root().name();
        out = command.commandLine().getOut();
        err = command.commandLine().getErr();
    }

    /**
     * Returns the exit code.
     *
     * @param show prints an answer for people; is given an empty object where the server had nothing to say
     */
    public int ask(String method, String uri, Optional<JsonElement> body, BiConsumer<JsonObject, PrintWriter> show)
            throws InterruptedException {
        try (AdminClient client = server.client(server.timeout())) {
            Reply reply = client.send(method, uri, body);
            JsonObject answer = object(reply);
            if (output.isJson()) {
                out.print(reply.body());
            } else if (isAnswer(reply, answer)) {
                show.accept(answer, out);
            }
            if (!isAnswer(reply, answer)) {
                complain(reply, answer);
            }
            return reply.isSuccess() ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (NoAnswerException e) {
            err.println(program + ": " + e.getMessage());
            return NO_ANSWER;
        } catch (IOException e) {
            err.println(
                    program + ": " + server.address() + " does not answer as " + program + " does: " + e.getMessage());
            return NO_ANSWER;
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** Some answers are a no: whoever asks by a program sees it by the status. */
    private static boolean isAnswer(Reply reply, JsonObject answer) {
        return reply.isSuccess() || !(answer.isEmpty() || answer.has("error"));
    }

    /** Its object; an empty one when the server had nothing to say. */
    public static JsonObject object(Reply reply) throws IOException {
        if (reply.body().isEmpty()) {
            return new JsonObject();
        }
        JsonElement value = Json.parse(reply.body());
        if (!value.isJsonObject()) {
            throw new IOException("no JSON object");
        }
        return value.getAsJsonObject();
    }

    private void complain(Reply reply, JsonObject answer) {
        err.println(program + ": " + error(reply, answer));
        if (answer.has("problems")) {
            answer.getAsJsonArray("problems").asList().stream()
                    .limit(MAX_PROBLEMS)
                    .forEach(problem -> err.println("  " + problem.getAsString()));
        }
    }

    /** What a server says when it refuses. */
    public static String error(Reply reply, JsonObject answer) {
        return answer.has("error") ? Words.text(answer, "error") : "HTTP status " + reply.status();
    }

    /** One part of a path or query. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A path with its query, in which parameters without a value are left out. */
    public static String uri(String path, Map<String, ?> query) {
        String parameters = query.entrySet().stream()
                .filter(parameter -> parameter.getValue() != null)
                .map(parameter ->
                        parameter.getKey() + "=" + encode(parameter.getValue().toString()))
                .collect(Collectors.joining("&"));
        return parameters.isEmpty() ? path : path + "?" + parameters;
    }
}
