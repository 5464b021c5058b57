package io.penstock.forwarder.client;

import io.penstock.cli.FollowingCommand;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
public final class EventsCommand extends FollowingCommand {
    @Option(
            names = "--type",
            paramLabel = "TYPE",
            split = ",",
            completionCandidates = Types.class,
            description = "Only these: ${COMPLETION-CANDIDATES}. Several with commas.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--subject", paramLabel = "NAME", description = "Only those about this, such as web/web-1.")
    private String subject;

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
                            "xdp",
                            "process")
                    .iterator();
        }
    }

    @Override
    protected List<String> types() {
        return types;
    }

    @Override
    protected Optional<String> subject() {
        return Optional.ofNullable(subject);
    }
}
