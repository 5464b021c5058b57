package io.penstock.forwarder.client;

import io.penstock.cli.AskingCommand;
import io.penstock.cli.Question;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows the pools of a running forwarder. */
@Command(
        name = "pool",
        description = "Shows the pools of a running forwarder, and moves connections back to better backends.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PoolCommand.Names.class, PoolCommand.Show.class, PoolCommand.FailBack.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  l4-forwarder pool list",
            "  l4-forwarder pool show web",
            "  l4-forwarder pool fail-back web --rate 50/s"
        })
public final class PoolCommand {
    private PoolCommand() {}

    @Command(name = "list", description = "Lists all pools.")
    static final class Names extends AskingCommand {
        @Override
        public Integer call() throws InterruptedException {
            return question().ask("GET", "/v1/pools", Optional.empty(), StatusView::poolNames);
        }
    }

    @Command(name = "show", description = "Shows one pool and its backends.")
    static final class Show extends AskingCommand {
        @Parameters(paramLabel = "POOL", description = "The pool's name.")
        private String pool;

        @Override
        public Integer call() throws InterruptedException {
            return question().ask("GET", "/v1/pools/" + Question.encode(pool), Optional.empty(), StatusView::pool);
        }
    }

    @Command(
            name = "fail-back",
            description = {
                "Ends connections at backends that take no new ones because better ones are back, at a pace, oldest first.",
                "Their clients come again, and reach the better ones."
            })
    static final class FailBack extends AskingCommand {
        @Parameters(paramLabel = "POOL", description = "The pool's name.")
        private String pool;

        @Mixin
        private DrainOptions drain;

        @Override
        public Integer call() throws InterruptedException {
            String uri = "/v1/pools/" + Question.encode(pool) + "/fail-back";
            return question().ask(drain.method(), uri, drain.body(), StatusView::drain);
        }
    }
}
