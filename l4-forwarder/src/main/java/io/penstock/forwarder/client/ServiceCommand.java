package io.penstock.forwarder.client;

import com.google.gson.JsonObject;
import io.penstock.cli.AskingCommand;
import io.penstock.cli.Question;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Closes and opens services of a running forwarder. */
@Command(
        name = "service",
        description = "Shows the services of a running forwarder, closes them to new clients and opens them again.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ServiceCommand.Names.class, ServiceCommand.Enable.class, ServiceCommand.Disable.class},
        footerHeading = "%nExamples:%n",
        footer = {"  l4-forwarder service list", "  l4-forwarder service disable web"})
public final class ServiceCommand {
    private ServiceCommand() {}

    @Command(name = "list", description = "Lists all services.")
    static final class Names extends AskingCommand {
        @Override
        public Integer call() throws InterruptedException {
            return question().ask("GET", "/v1/services", Optional.empty(), StatusView::services);
        }
    }

    /** Of one service. */
    abstract static class Switch extends AskingCommand {
        @Parameters(paramLabel = "SERVICE", description = "The service's name.")
        private String service;

        final int enabled(boolean enabled) throws InterruptedException {
            JsonObject body = new JsonObject();
            body.addProperty("enabled", enabled);
            return question()
                    .ask(
                            "PATCH",
                            "/v1/services/" + Question.encode(service),
                            Optional.of(body),
                            (answer, out) -> out.println("done"));
        }
    }

    @Command(name = "enable", description = "Takes new clients again.")
    static final class Enable extends Switch {
        @Override
        public Integer call() throws InterruptedException {
            return enabled(true);
        }
    }

    @Command(
            name = "disable",
            description =
                    "Resets new clients; its address stays taken, connections stay open. With mode: dsr, drops their packets.")
    static final class Disable extends Switch {
        @Override
        public Integer call() throws InterruptedException {
            return enabled(false);
        }
    }
}
