package io.penstock.forwarder.client;

import io.penstock.cli.AskingCommand;
import io.penstock.cli.Question;
import io.penstock.cli.Words;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows and ends connections and sessions of a running forwarder. */
@Command(
        name = "connections",
        description = "Lists the TCP connections and UDP sessions of a running forwarder, or ends them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ConnectionsCommand.Listing.class, ConnectionsCommand.Kill.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  l4-forwarder connections list --pool web --backend web-1",
            "  l4-forwarder connections kill --backend web/web-1",
            "  l4-forwarder connections kill --client 198.51.100.0/24",
            "  l4-forwarder connections kill --id 4711"
        })
public final class ConnectionsCommand {
    private static final String URI = "/v1/connections";

    private ConnectionsCommand() {}

    /** Which connections are meant: those that fit every option. */
    static final class Filter {
        @Option(names = "--id", paramLabel = "ID", description = "The one of this id.")
        private Long id;

        @Option(names = "--service", paramLabel = "NAME", description = "Those of this service.")
        private String service;

        @Option(names = "--pool", paramLabel = "NAME", description = "Those at backends of this pool.")
        private String pool;

        @Option(
                names = "--backend",
                paramLabel = "ID",
                description = "Those at backends of this id, or at one as POOL/ID.")
        private String backend;

        @Option(
                names = "--client",
                paramLabel = "PREFIX",
                description = "Those of clients in 198.51.100.0/24, or of one.")
        private String client;

        private String uri(String name, Object value) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("id", id);
            parameters.put("service", service);
            parameters.put("pool", pool);
            parameters.put("backend", backend);
            parameters.put("client", client);
            parameters.put(name, value);
            return Question.uri(URI, parameters);
        }
    }

    @Command(name = "list", description = "Lists connections and sessions, the oldest first.")
    static final class Listing extends AskingCommand {
        @Mixin
        private Filter filter;

        @Option(names = "--limit", paramLabel = "COUNT", description = "At most so many. Default: 1000.")
        private Integer limit;

        @Override
        public Integer call() throws InterruptedException {
            return question().ask("GET", filter.uri("limit", limit), Optional.empty(), StatusView::connections);
        }
    }

    @Command(name = "kill", description = "Resets connections at both ends and closes sessions, at once.")
    static final class Kill extends AskingCommand {
        @Mixin
        private Filter filter;

        @Option(names = "--all", description = "All of them; instead of the other options.")
        private boolean all;

        @Override
        public Integer call() throws InterruptedException {
            return question()
                    .ask(
                            "DELETE",
                            filter.uri("all", all ? true : null),
                            Optional.empty(),
                            (answer, out) -> out.println(
                                    "ended " + Words.number(answer, "killed") + " connections and sessions"));
        }
    }
}
