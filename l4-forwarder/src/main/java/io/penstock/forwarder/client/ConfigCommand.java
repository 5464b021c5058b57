package io.penstock.forwarder.client;

import io.penstock.cli.AskingCommand;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Shows what a running forwarder is configured to do. */
@Command(
        name = "config",
        description = "Shows the configuration that a running forwarder has in force.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ConfigCommand.Show.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  l4-forwarder config show",
            "  l4-forwarder config show | diff - /etc/penstock/forwarder.yaml",
            "  l4-forwarder config show --output json | jq .config.pools"
        })
public final class ConfigCommand {
    private ConfigCommand() {}

    @Command(
            name = "show",
            description = {
                "Shows the file as it was last applied, with what operators changed since, as YAML.",
                "Contents of secret files are not part of it."
            })
    static final class Show extends AskingCommand {
        @Override
        public Integer call() throws InterruptedException {
            return question().ask("GET", "/v1/config", Optional.empty(), ConfigView::print);
        }
    }
}
