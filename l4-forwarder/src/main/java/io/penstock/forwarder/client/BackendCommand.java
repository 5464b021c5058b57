package io.penstock.forwarder.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.cli.AskingCommand;
import io.penstock.cli.Question;
import io.penstock.cli.Words;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes backends of a running forwarder. */
@Command(
        name = "backend",
        description = {
            "Changes the backends of a running forwarder, at once and without its file.",
            "'status' lists what differs from the file; 'backend reset' takes it back."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BackendCommand.Add.class,
            BackendCommand.Remove.class,
            BackendCommand.Drain.class,
            BackendCommand.Enable.class,
            BackendCommand.Maintenance.class,
            BackendCommand.Weight.class,
            BackendCommand.Reset.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  l4-forwarder backend add web 10.0.0.13:8080 --id web-3 --weight 2",
            "  l4-forwarder backend weight web web-3 10",
            "  l4-forwarder backend drain web web-1 --rate 50/s --deadline 10m",
            "  l4-forwarder backend enable web web-1"
        })
public final class BackendCommand {
    private static final String DONE = "done";

    private BackendCommand() {}

    /** What commands about one backend have in common. */
    abstract static class OfBackend extends AskingCommand {
        @Parameters(index = "0", paramLabel = "POOL", description = "The pool's name.")
        private String pool;

        @Parameters(index = "1", paramLabel = "BACKEND", description = "The backend's id, as 'status' shows it.")
        private String backend;

        final String uri() {
            return "/v1/pools/" + Question.encode(pool) + "/backends/" + Question.encode(backend);
        }

        final int order(String method, String uri, Optional<JsonElement> body) throws InterruptedException {
            return question().ask(method, uri, body, (answer, out) -> out.println(DONE));
        }

        final int state(String state) throws InterruptedException {
            JsonObject body = new JsonObject();
            body.addProperty("state", state);
            return order("PATCH", uri(), Optional.of(body));
        }
    }

    @Command(name = "add", description = "Adds a backend that the file does not have.")
    static final class Add extends AskingCommand {
        @Parameters(index = "0", paramLabel = "POOL", description = "The pool's name.")
        private String pool;

        @Parameters(
                index = "1",
                paramLabel = "ADDRESS",
                description = "As in the file: 10.0.0.13:8080, web-3.internal:80.")
        private String address;

        @Option(names = "--id", paramLabel = "ID", description = "Its name. Default: the address.")
        private String id;

        @Option(names = "--weight", paramLabel = "WEIGHT", description = "0 to 1000. Default: 1.")
        private Integer weight;

        @Override
        public Integer call() throws InterruptedException {
            JsonObject body = new JsonObject();
            body.addProperty("address", address);
            if (id != null) {
                body.addProperty("id", id);
            }
            if (weight != null) {
                body.addProperty("weight", weight);
            }
            return question()
                    .ask(
                            "POST",
                            "/v1/pools/" + Question.encode(pool) + "/backends",
                            Optional.of(body),
                            (answer, out) -> out.println("added " + Words.text(answer, "id")));
        }
    }

    @Command(
            name = "remove",
            description = "Takes a backend away, one of the file too; connections that are established stay.")
    static final class Remove extends OfBackend {
        @Override
        public Integer call() throws InterruptedException {
            return order("DELETE", uri(), Optional.empty());
        }
    }

    @Command(
            name = "drain",
            description = "Gives a backend no new connections, and ends those it has at a pace, oldest first.")
    static final class Drain extends OfBackend {
        @Mixin
        private DrainOptions drain;

        @Override
        public Integer call() throws InterruptedException {
            return question().ask(drain.method(), uri() + "/drain", drain.body(), StatusView::drain);
        }
    }

    @Command(name = "enable", description = "Gives a backend new connections again, if its checks let it.")
    static final class Enable extends OfBackend {
        @Override
        public Integer call() throws InterruptedException {
            return state("ready");
        }
    }

    @Command(name = "maintenance", description = "Gives a backend no new connections, and checks it no more.")
    static final class Maintenance extends OfBackend {
        @Override
        public Integer call() throws InterruptedException {
            return state("maintenance");
        }
    }

    @Command(name = "weight", description = "Sets the weight of a backend.")
    static final class Weight extends OfBackend {
        @Parameters(index = "2", paramLabel = "WEIGHT", description = "0 to 1000; 0 for no new connections.")
        private int weight;

        @Override
        public Integer call() throws InterruptedException {
            JsonObject body = new JsonObject();
            body.addProperty("weight", weight);
            return order("PATCH", uri(), Optional.of(body));
        }
    }

    @Command(name = "reset", description = "Makes a backend what the file says again.")
    static final class Reset extends OfBackend {
        @Override
        public Integer call() throws InterruptedException {
            return order("POST", uri() + "/reset", Optional.empty());
        }
    }
}
