package io.penstock.vrrp.client;

import io.penstock.cli.FollowingCommand;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what happened in a running agent. */
@Command(
        name = "events",
        description = {
            "Shows what happened in a running agent: transitions of routers and groups, priorities, tracks, VIPs, notices, reloads.",
            "With --follow it goes on, also across restarts of the agent, until it is interrupted."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  vrrp-agent events -c /etc/penstock/vrrp-agent.yaml",
            "  vrrp-agent events -c /etc/penstock/vrrp-agent.yaml --follow --type transition,group",
            "  vrrp-agent events --admin unix:/run/penstock/vrrp.sock -f -o json | jq -c 'select(.subject == \"web\")'"
        })
public final class EventsCommand extends FollowingCommand {
    @Option(
            names = "--type",
            paramLabel = "TYPE",
            split = ",",
            completionCandidates = Types.class,
            description = "Only these: ${COMPLETION-CANDIDATES}. Several with commas.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--subject", paramLabel = "NAME", description = "Only those about this router or group.")
    private String subject;

    static final class Types implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("transition", "group", "priority", "track", "vip", "notice", "config")
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
