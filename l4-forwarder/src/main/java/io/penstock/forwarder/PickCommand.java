package io.penstock.forwarder;

import io.penstock.cli.ConfigOption;
import io.penstock.config.Suggestion;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ForwarderConfigReader;
import io.penstock.forwarder.config.ListenConfig;
import io.penstock.forwarder.config.Place;
import io.penstock.forwarder.config.PoolConfig.Balance;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.UdpConfig;
import io.penstock.forwarder.control.HealthyTable;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.net.Endpoint;
import java.io.PrintWriter;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says which backends connections would get, without starting anything. */
@Command(
        name = "pick",
        description = {
            "Shows which pool and backend a client's connection or session gets while all are healthy,"
                    + " or where many random ones go.",
            "Forwarders that print the same digest for the same flows pick alike.",
            "Names are looked up. The policy must be one that hashes: others go by load."
        })
final class PickCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config;

    @Option(names = "--service", paramLabel = "NAME", description = "Which service; needed when there are several.")
    private String service;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS:PORT",
            converter = EndpointConverter.class,
            description = "Where the connection goes to. Default: the first address that the service listens on.")
    private Endpoint listen;

    @ArgGroup(multiplicity = "1")
    private Question question;

    private static final class Question {
        @Option(
                names = "--client",
                paramLabel = "ADDRESS[:PORT]",
                converter = EndpointConverter.class,
                description = "Whose connection; the port matters where whole flows are hashed.")
        private Endpoint client;

        @ArgGroup(exclusive = false)
        private RandomFlows flows;
    }

    private static final class RandomFlows {
        @Option(
                names = "--flows",
                required = true,
                arity = "0..1",
                fallbackValue = "1000000",
                paramLabel = "COUNT",
                description = "So many random flows; a million when no number is given.")
        private int count;

        @Option(names = "--seed", defaultValue = "1", paramLabel = "NUMBER", description = "Which flows. Default: 1.")
        private long seed;
    }

    @Override
    public Integer call() {
        ForwarderConfig read = ForwarderConfigReader.read(config.file());
        ServiceConfig asked = service(read);
        ClientPlaces clients = ClientPlaces.read(read);
        PrintWriter out = spec.commandLine().getOut();
        try {
            Picks picks = new Picks(HealthyTable.of(read, asked, clients));
            if (question.client != null) {
                printOne(picks, read, asked, clients, out);
            } else {
                requireHashing(read, asked, HealthyTable.poolNames(asked));
                printMany(picks, asked, out);
            }
        } catch (UnknownHostException e) {
            spec.commandLine().getErr().println("l4-forwarder: a backend's name has no address: " + e.getMessage());
            return ExitCode.SOFTWARE;
        }
        if (!read.sharedSecret()) {
            out.println("note: no secret-file, so each start draws its own key and picks others than these");
        }
        out.flush();
        return ExitCode.OK;
    }

    private ServiceConfig service(ForwarderConfig read) {
        Set<String> names = read.services().keySet();
        if (service == null && names.size() > 1) {
            throw wrong("say which --service; there are: " + String.join(", ", names));
        }
        String name = service == null ? names.iterator().next() : service;
        if (!names.contains(name)) {
            String hint = Suggestion.nearest(name, names)
                    .map(nearest -> "did you mean '" + nearest + "'?")
                    .orElse("there are: " + String.join(", ", names));
            throw wrong("no service '" + name + "'; " + hint);
        }
        return read.services().get(name);
    }

    private Endpoint listen(ServiceConfig asked) {
        ListenConfig first = asked.listen().get(0);
        return listen == null ? new Endpoint(first.address(), first.firstPort()) : listen;
    }

    private void printOne(
            Picks picks, ForwarderConfig read, ServiceConfig asked, ClientPlaces clients, PrintWriter out) {
        Flow flow = picks.flow(question.client, listen(asked));
        BackendPool pool = picks.pool(flow);
        requireHashing(read, asked, List.of(pool.name()));
        if (!pool.hashInput().source()) {
            requireWholeFlow(flow);
        }
        out.println("service " + asked.name() + ": pool " + pool.name() + zone(read, clients, picks.zone(flow)));
        int attempt = 0;
        for (Backend backend : picks.attempts(flow)) {
            attempt++;
            Endpoint address =
                    new Endpoint(backend.address(), backend.port(flow.listen().port()));
            out.println("  attempt " + attempt + ": " + backend.id() + " at " + address);
        }
        if (attempt == 0) {
            out.println("  no backend: the client would be " + refused(asked));
        }
        if (read.pools().get(pool.name()).affinity().isPresent()) {
            out.println("  note: a client that came before stays with its backend for a while (affinity)");
        }
    }

    private static String refused(ServiceConfig asked) {
        return asked.isUdp() ? "dropped" : "reset";
    }

    private static String zone(ForwarderConfig read, ClientPlaces clients, int zone) {
        if (read.geo().isEmpty()) {
            return "";
        }
        String where = clients.places().get(zone).map(PickCommand::text).orElse("nowhere known");
        return ", client at " + where + (zone == 0 ? " as the forwarder, for want of better" : "");
    }

    private static String text(Place place) {
        return place.region() + "/" + place.zone();
    }

    private void requireWholeFlow(Flow flow) {
        if (flow.client().port() == 0) {
            throw wrong("this pool hashes whole flows: give the client's port too, --client ADDRESS:PORT");
        }
        if (flow.listen().port() == 0 || flow.listen().address().isAny()) {
            throw wrong("this pool hashes whole flows, and the service listens on every address:"
                    + " say which is meant, --listen ADDRESS:PORT");
        }
    }

    private void requireHashing(ForwarderConfig read, ServiceConfig asked, List<String> pools) {
        boolean perPacket = asked.isUdp() && asked.udp().mode() == UdpConfig.Mode.PER_PACKET;
        for (String name : pools) {
            Balance balance = read.pools().get(name).balance();
            if (perPacket && !balance.hash().source()) {
                throw wrong("service " + asked.name()
                        + " balances each datagram by itself (per-packet): no pick can be foretold");
            }
            PolicySpec policy = balance.policy();
            if (!policy.kind().isHashing()) {
                throw wrong("pool " + name + " goes by load ("
                        + policy.kind().name().toLowerCase(Locale.ROOT).replace('_', '-')
                        + "), not by a hash: no pick can be foretold");
            }
        }
    }

    private void printMany(Picks picks, ServiceConfig asked, PrintWriter out) {
        if (question.flows.count < 1) {
            throw wrong("--flows must be at least 1");
        }
        Picks.Summary summary = picks.summary(question.flows.count, question.flows.seed, listen(asked));
        double flows = question.flows.count;
        out.println("service " + asked.name() + ": " + question.flows.count + " flows of seed " + question.flows.seed);
        summary.shares()
                .forEach((name, count) ->
                        out.println(String.format(Locale.ROOT, "  %10.3f %%  %s", 100 * count / flows, name)));
        if (summary.unplaced() > 0) {
            out.println(String.format(
                    Locale.ROOT, "  %10.3f %%  no backend: %s", 100 * summary.unplaced() / flows, refused(asked)));
        }
        out.println("digest " + summary.digest());
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
