package io.penstock.forwarder.client.xdp;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.xdp.backend.BackendPlan;
import io.penstock.forwarder.xdp.backend.BackendPlan.Tunnel;
import io.penstock.forwarder.xdp.backend.ServedVip;
import io.penstock.forwarder.xdp.backend.Sources;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What a backend's host is to be prepared for, as a {@code @Mixin}. */
final class PlanOptions {
    private static final String ANY = "any";
    private static final int VNI_MAX = (1 << 24) - 1;
    private static final int MSS_MIN = 536;
    private static final int MSS_MAX = 65_495;

    /** As it is written on a command line. */
    private enum Kind {
        L2,
        IPIP,
        VXLAN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--vip",
            required = true,
            arity = "1..*",
            paramLabel = "ADDRESS[:PORT]",
            description = "An address of the service, with a port to check its server too: 192.0.2.10:80,"
                    + " 192.0.2.53:53/udp, [2001:db8::10]:443. May be repeated.")
    private List<String> vips = new ArrayList<>();

    @Option(
            names = "--encapsulation",
            required = true,
            paramLabel = "KIND",
            description = "What the service has: l2, ipip or vxlan.")
    private Kind encapsulation;

    @Option(
            names = "--interface",
            required = true,
            paramLabel = "NAME",
            description = "Where forwarders' packets arrive.")
    private String interfaceName;

    @Option(names = "--vni", paramLabel = "NUMBER", description = "Of vxlan: the service's vni. Default: 100.")
    private Optional<Integer> vni = Optional.empty();

    @Option(
            names = "--forwarder",
            arity = "1..*",
            paramLabel = "ADDRESS",
            description = "Of ipip and vxlan: addresses of forwarders, whose family the tunnel has. Default: IPv4 when"
                    + " the interface has such an address.")
    private List<String> forwarders = new ArrayList<>();

    @Option(
            names = "--source",
            arity = "1..*",
            paramLabel = "NET",
            description =
                    "Of ipip: networks that tunnels may come from, beside those of other calls; 'any' lets everybody"
                            + " send. Default: what is set already, or any.")
    private List<String> sources = new ArrayList<>();

    @Option(
            names = "--mss",
            paramLabel = "OCTETS",
            description = "Segment size that clients are told, by advmss of routes by a gateway through the interface."
                    + " 0 leaves routes alone. Default: what fits the tunnel; l2 needs none.")
    private Optional<Integer> mss = Optional.empty();

    @Mixin
    private NameOption name;

    /** Every option holds, and they fit each other; all that is wrong is said at once. */
    BackendPlan plan(CommandLine command) {
        List<String> wrong = new ArrayList<>();
        List<ServedVip> served = read(vips, "--vip", "an address, maybe with a port", ServedVip::parse, wrong);
        List<IpAddress> peers = read(forwarders, "--forwarder", "an address", IpAddress::parse, wrong);
        Sources senders = senders(wrong);
        if (peers.stream().map(IpAddress::isIpv4).distinct().count() > 1) {
            wrong.add("--forwarder: addresses must be of one family, that of the tunnel");
        }
        bounds(wrong);
        belongs(wrong);
        if (!wrong.isEmpty()) {
            throw new ParameterException(command, String.join(System.lineSeparator(), wrong));
        }
        return new BackendPlan(
                name.value(command),
                interfaceName,
                Encapsulation.valueOf(encapsulation.name()),
                served,
                new Tunnel(vni.orElse(100), peers, senders),
                mss.isPresent() ? OptionalInt.of(mss.get()) : OptionalInt.empty());
    }

    private Sources senders(List<String> wrong) {
        if (sources.contains(ANY) && sources.size() > 1) {
            wrong.add("--source: any goes with no other");
            return Sources.UNSAID;
        }
        return sources.contains(ANY)
                ? Sources.ANY
                : Sources.of(read(sources, "--source", "any, an address or a network", IpPrefix::parse, wrong));
    }

    private static <T> List<T> read(
            List<String> texts, String option, String what, Function<String, Optional<T>> parser, List<String> wrong) {
        return texts.stream()
                .flatMap(text -> {
                    Optional<T> value = parser.apply(text);
                    if (value.isEmpty()) {
                        wrong.add(option + ": must be " + what + " (was " + text + ")");
                    }
                    return value.stream();
                })
                .toList();
    }

    private void bounds(List<String> wrong) {
        if (vni.isPresent() && (vni.get() < 0 || vni.get() > VNI_MAX)) {
            wrong.add("--vni: must be 0 to " + VNI_MAX + " (was " + vni.get() + ")");
        }
        if (mss.isPresent() && mss.get() != 0 && (mss.get() < MSS_MIN || mss.get() > MSS_MAX)) {
            wrong.add("--mss: must be 0, or " + MSS_MIN + " to " + MSS_MAX + " (was " + mss.get() + ")");
        }
    }

    private void belongs(List<String> wrong) {
        if (vni.isPresent() && encapsulation != Kind.VXLAN) {
            wrong.add("--vni: is for --encapsulation vxlan only");
        }
        if (!sources.isEmpty() && encapsulation != Kind.IPIP) {
            wrong.add("--source: is for --encapsulation ipip only");
        }
        if (!forwarders.isEmpty() && Stream.of(Kind.IPIP, Kind.VXLAN).noneMatch(encapsulation::equals)) {
            wrong.add("--forwarder: is for --encapsulation ipip and vxlan only");
        }
    }
}
