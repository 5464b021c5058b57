package io.penstock.vrrp.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.InterfaceName;
import io.penstock.config.KeyRules;
import io.penstock.config.MetricLabel;
import io.penstock.config.NamedFile;
import io.penstock.health.CheckedTarget;
import io.penstock.health.Schedule.Initial;
import io.penstock.health.config.TargetReader;
import io.penstock.net.IpAddress;
import io.penstock.serving.config.ForwarderQuestionReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Reads {@code track} of a router: a list of interfaces, forwarders, files and checks. */
final class TrackReader {
    private static final IpAddress LOCALHOST_IPV4 = IpAddress.parse("127.0.0.1").orElseThrow();
    private static final IpAddress LOCALHOST_IPV6 = IpAddress.parse("::1").orElseThrow();

    /** As keepalived has it: with more, one track could take a priority from one end to beyond the other. */
    private static final int MAX_WEIGHT = 253;

    private static final String INTERFACE = "interface";
    private static final String FORWARDER = ForwarderQuestionReader.KEY;
    private static final String FILE = "file";
    private static final String VIP = "vip";

    /** Each says that the agent makes checks itself. */
    private static final String[] CHECKS = {"tcp", "http", "exchange", "udp", "tls", "exec", "checks"};

    private final Path configFile;
    private final ForwarderQuestionReader questions;
    private final TargetReader targets;

    TrackReader(Path configFile) {
        this.configFile = configFile;
        questions = new ForwarderQuestionReader(configFile);
        // A first result is a first verdict, whichever it is.
        targets = new TargetReader(configFile, Initial.DOWN);
    }

    /**
     * Those that could be read.
     *
     * @param vips of the router; none when they could not be read
     * @param owner whether the router's priority is fixed
     */
    List<TrackConfig> read(ConfigValue value, List<VipConfig> vips, boolean owner) {
        List<TrackConfig> tracks = new ArrayList<>();
        Map<String, Integer> lineByName = new HashMap<>();
        for (ConfigValue item : value.items("a list of at least one track, such as [{ interface: eth1 }]")) {
            item.section(section -> track(item, section, vips, owner))
                    .flatMap(track -> track)
                    .ifPresent(track -> {
                        checkName(item, track.name(), lineByName);
                        tracks.add(track);
                    });
        }
        return tracks;
    }

    private static void checkName(ConfigValue item, String name, Map<String, Integer> lineByName) {
        Integer firstLine = lineByName.putIfAbsent(name, item.line());
        if (firstLine != null) {
            item.problem("has the name of the track at line " + firstLine + ": give one of them another by name", name);
        }
    }

    private Optional<TrackConfig> track(ConfigValue item, ConfigSection track, List<VipConfig> vips, boolean owner) {
        OptionalInt weight = weight(track, owner);
        Optional<String> name = track.optional("name").flatMap(TrackReader::name);
        KeyRules.atMostOne(track, INTERFACE, FORWARDER, FILE);
        if (track.has(INTERFACE)) {
            refuseConduct(track);
            return InterfaceName.read(track).map(read -> new TrackConfig.Interface(name.orElse(read), weight, read));
        }
        if (track.has(FORWARDER)) {
            return forwarder(track, name, weight, vips);
        }
        if (track.has(FILE)) {
            return file(track, name, weight);
        }
        Optional<String> kind = kind(track);
        if (kind.isEmpty()) {
            item.problem(
                    "needs one of: " + INTERFACE + ", " + FORWARDER + ", " + FILE + ", " + String.join(", ", CHECKS));
        }
        return kind.map(usual -> checks(track, name.orElse(usual), weight, vips));
    }

    /** Reports keys by which forwarders are asked and checks are made. */
    private static void refuseConduct(ConfigSection track) {
        TargetReader.refuse(track);
        KeyRules.onlyFor(FORWARDER, track, VIP);
        KeyRules.onlyFor("forwarders and checks", track, "interval", "timeout", "rise", "fall");
    }

    /** Of checks; a port alone is one over TCP. */
    private static Optional<String> kind(ConfigSection track) {
        Optional<String> kind = Stream.of(CHECKS).filter(track::has).findFirst();
        return kind.isEmpty() && track.has("port") ? Optional.of("tcp") : kind;
    }

    private static OptionalInt weight(ConfigSection track, boolean owner) {
        Optional<ConfigValue> value = track.optional("weight");
        OptionalInt weight =
                value.map(given -> given.integer(-MAX_WEIGHT, MAX_WEIGHT)).orElse(OptionalInt.empty());
        if (weight.isPresent() && weight.getAsInt() == 0) {
            value.orElseThrow().problem("must not be 0, which would change nothing; without a weight it is a fault");
        } else if (weight.isPresent() && owner) {
            value.orElseThrow().problem("is for others than the owner, whose priority is always 255");
        }
        return weight;
    }

    private static Optional<String> name(ConfigValue value) {
        Optional<String> name = value.text("a name");
        name.ifPresent(text -> MetricLabel.check(text, value));
        return name;
    }

    private Optional<TrackConfig> forwarder(
            ConfigSection track, Optional<String> name, OptionalInt weight, List<VipConfig> vips) {
        Optional<IpAddress> vip = track.optional(VIP).flatMap(TrackReader::vip).or(() -> served(vips));
        return questions
                .read(track)
                .flatMap(question -> vip.map(
                        address -> new TrackConfig.Forwarder(name.orElse("forwarder"), weight, question, address)));
    }

    private static Optional<IpAddress> vip(ConfigValue value) {
        String expected = "an address that the forwarder serves, such as 192.0.2.10";
        return value.text(expected)
                .flatMap(text -> AddressText.read(value, text, expected))
                .filter(address -> AddressText.isReachable(value, address));
    }

    /** Link-local ones are what hosts of the network use as a router's address. */
    private static Optional<IpAddress> served(List<VipConfig> vips) {
        return vips.stream()
                .map(VipConfig::address)
                .filter(address -> !address.isLinkLocal())
                .findFirst()
                .or(() -> vips.stream().map(VipConfig::address).findFirst());
    }

    private Optional<TrackConfig> file(ConfigSection track, Optional<String> name, OptionalInt weight) {
        refuseConduct(track);
        return track.optional(FILE)
                .flatMap(value -> NamedFile.path(value, configFile).map(path -> {
                    String fileName =
                            path.getFileName() == null ? "" : path.getFileName().toString();
                    if (name.isEmpty()) {
                        MetricLabel.check(fileName, value);
                    }
                    return new TrackConfig.File(name.orElse(fileName), weight, path);
                }));
    }

    private TrackConfig checks(ConfigSection track, String name, OptionalInt weight, List<VipConfig> vips) {
        KeyRules.onlyFor(FORWARDER, track, VIP);
        boolean ipv4 = vips.isEmpty() || vips.get(0).address().isIpv4();
        CheckedTarget check = targets.read(track, ipv4 ? LOCALHOST_IPV4 : LOCALHOST_IPV6);
        if (vips.stream().anyMatch(vip -> vip.address().equals(check.target().address()))) {
            track.problem("address", "must be another than the VIP, which is not here before this router is active");
        }
        return new TrackConfig.Checks(name, weight, check.target(), check.plan());
    }
}
