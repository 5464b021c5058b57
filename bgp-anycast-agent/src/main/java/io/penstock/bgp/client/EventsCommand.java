package io.penstock.bgp.client;

import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.cli.FollowingCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what happened in a running agent. */
@Command(
        name = "events",
        description = {
            "Shows what happened in a running agent: states of VIPs, what was announced and withdrawn, repairs, the daemon and its"
                    + " neighbours, orders, reloads.",
            "With --follow it goes on, also across restarts of the agent, until it is interrupted."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  bgp-anycast-agent events -c /etc/penstock/bgp-anycast-agent.yaml --since 10m",
            "  bgp-anycast-agent events -c /etc/penstock/bgp-anycast-agent.yaml --follow --type state,announced,withdrawn",
            "  bgp-anycast-agent events --admin unix:/run/penstock/bgp.sock -f -o json | jq -c 'select(.subject == \"web\")'"
        })
public final class EventsCommand extends FollowingCommand {
    @Option(
            names = "--type",
            paramLabel = "TYPE",
            split = ",",
            completionCandidates = Types.class,
            description = "Only these: ${COMPLETION-CANDIDATES}. Several with commas.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--subject", paramLabel = "NAME", description = "Only those about this VIP or neighbour, or agent.")
    private String subject;

    static final class Types implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Kind.values()).map(Kind::label).iterator();
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
