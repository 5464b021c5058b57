package io.penstock.ecmp.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.NoAnswerException;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.cli.OutputOptions;
import io.penstock.cli.Question;
import io.penstock.cli.ServerOptions;
import io.penstock.cli.Words;
import io.penstock.ecmp.config.EcmpConfigReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Has a running agent let go; where none runs, removes what one has left. */
@Command(
        name = "withdraw",
        description = {
            "Takes VIPs and routes away until they are resumed: VIPs in order, announced no more, then drained, then removed.",
            "Where no agent runs, what one has left is removed: all that carries its number, and its kernel settings are put back."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ecmp-agent withdraw -c /etc/penstock/ecmp-agent.yaml web --wait",
            "  ecmp-agent withdraw -c /etc/penstock/ecmp-agent.yaml"
        })
public final class WithdrawCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(200);

    /** States of a VIP that is still on this host. */
    private static final Set<String> PRESENT = Set.of("held", "withdrawing", "draining");

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Mixin
    private OutputOptions output;

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = "VIPs and routes; a name of both means both. Default: everything.")
    private List<String> names = List.of();

    @Option(names = "--wait", description = "Return only when all of it has gone.")
    private boolean wait;

    @Option(
            names = "--direct",
            description = "Ask no agent: none runs, and the file has no address of one. Needs -c, and root.")
    private boolean direct;

    @Override
    public Integer call() throws InterruptedException {
        try {
            return direct ? removeLeftovers() : ask();
        } catch (IOException e) {
            return fail(e.getMessage(), ExitCode.SOFTWARE);
        } finally {
            spec.commandLine().getOut().flush();
            spec.commandLine().getErr().flush();
        }
    }

    private int ask() throws IOException, InterruptedException {
        try (AdminClient client = server.client(server.timeout())) {
            Reply reply = order(client, names.isEmpty() ? Optional.empty() : Optional.of(names.get(0)));
            for (int i = 1; i < names.size() && reply.isSuccess(); i++) {
                reply = order(client, Optional.of(names.get(i)));
            }
            if (!reply.isSuccess()) {
                return fail(Question.error(reply, Question.object(reply)), ExitCode.SOFTWARE);
            }
            if (wait) {
                awaitGone(client);
                reply = client.send("GET", "/v1/health/vips", Optional.empty());
            }
            show(reply);
            return ExitCode.OK;
        } catch (NoAnswerException e) {
            boolean gone = e.isNobodyThere() && server.address().isLocal();
            if (gone && names.isEmpty() && server.file().isPresent()) {
                return removeLeftovers();
            }
            return fail(e.getMessage(), Question.NO_ANSWER);
        }
    }

    private static Reply order(AdminClient client, Optional<String> name)
            throws NoAnswerException, InterruptedException {
        JsonObject body = new JsonObject();
        name.ifPresent(text -> body.addProperty("name", text));
        return client.send("POST", "/v1/withdraw", Optional.<JsonElement>of(body));
    }

    private void awaitGone(AdminClient client) throws IOException, InterruptedException {
        while (!isGone(Question.object(client.send("GET", "/v1/status", Optional.empty())))) {
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    private boolean isGone(JsonObject status) {
        return Words.objects(status, "vips").stream()
                        .filter(this::isMeant)
                        .noneMatch(vip -> PRESENT.contains(Words.text(vip, "state")))
                && Words.objects(status, "routes").stream()
                        .filter(this::isMeant)
                        .allMatch(route -> Words.text(route, "state").equals("withdrawn"));
    }

    private boolean isMeant(JsonObject named) {
        return names.isEmpty() || names.contains(Words.text(named, "name"));
    }

    private void show(Reply reply) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.print(reply.body());
        } else {
            StatusView.ordered(Question.object(reply), out);
        }
    }

    private int removeLeftovers() throws IOException {
        Path file =
                server.file().orElseThrow(() -> new ParameterException(spec.commandLine(), "--direct needs -c FILE"));
        if (!names.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--direct removes everything, and takes no NAME");
        }
        Leftovers leftovers = Leftovers.remove(EcmpConfigReader.read(file));
        PrintWriter out = spec.commandLine().getOut();
        out.println("# no agent was asked; removed " + leftovers.removed().size());
        leftovers.removed().forEach(out::println);
        leftovers.problems().forEach(problem -> spec.commandLine()
                .getErr()
                .println(spec.root().name() + ": " + problem));
        return leftovers.problems().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private int fail(String message, int code) {
        spec.commandLine().getErr().println(spec.root().name() + ": " + message);
        return code;
    }
}
