package io.penstock.vrrp.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.InterfaceName;
import io.penstock.config.KeyRules;
import io.penstock.net.IpAddress;
import io.penstock.vrrp.config.RouterConfig.OnRemoval;
import io.penstock.vrrp.config.VirtualMacReader.Wanted;
import io.penstock.vrrp.protocol.ChecksumForm;
import io.penstock.vrrp.protocol.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the entries of {@code routers}. */
final class RouterReader {
    private static final int MAX_VRID = 255;
    private static final Duration MAX_V2_INTERVAL = Duration.ofSeconds(255);
    private static final int CENTISECOND_MS = 10;
    private static final Duration MAX_PREEMPT_DELAY = Duration.ofSeconds(1000);
    private static final Duration MAX_LEASE = Duration.ofHours(1);
    private static final Pattern PASSWORD = Pattern.compile("[!-~]{1,8}");
    private static final Map<String, ChecksumForm> CHECKSUMS =
            Map.of("rfc5798", ChecksumForm.RFC5798, "rfc9568", ChecksumForm.RFC9568);
    private static final Map<String, OnRemoval> ON_REMOVAL =
            Map.of("restore", OnRemoval.RESTORE, "fault", OnRemoval.FAULT);
    private static final Map<String, Boolean> ON_LATE = Map.of("step-down", true, "continue", false);

    private final VipsReader vipsReader = new VipsReader();
    private final VirtualMacReader virtualMacReader = new VirtualMacReader();
    private final TrackReader trackReader;
    private final Map<Place, Integer> lineByPlace = new HashMap<>();

    RouterReader(Path configFile) {
        trackReader = new TrackReader(configFile);
    }

    /** What the packets of virtual routers are told apart by. */
    private record Place(String interfaceName, int vrid, boolean ipv4) {}

    /** Empty when there is nothing to speak of, or nowhere to speak. */
    Optional<RouterConfig> read(NamedValue entry, ConfigSection router) {
        Optional<String> interfaceName = router.required("interface").flatMap(InterfaceName::of);
        int vrid = router.required("vrid")
                .map(value -> value.integer(1, MAX_VRID).orElse(1))
                .orElse(1);
        Version version = version(router);
        int priority = router.optional("priority").map(RouterReader::priority).orElse(RouterConfig.DEFAULT_PRIORITY);
        boolean owner = priority == RouterConfig.OWNER_PRIORITY;
        Duration interval = interval(router, version);
        boolean preempt = router.bool("preempt", true);
        Duration preemptDelay = preemptDelay(router, preempt, owner);
        boolean accept = accept(router);
        ChecksumForm checksum = router.oneOf("checksum", CHECKSUMS, ChecksumForm.RFC5798);
        Optional<String> password = password(router, version);
        Optional<Wanted> virtualMac = VirtualMacReader.read(router);
        String here = interfaceName.orElse("");
        List<VipConfig> vips = router.required("vips")
                .map(value -> vipsReader.read(
                        value,
                        ipv4 -> virtualMac
                                .map(wanted -> wanted.interfaceName(vrid, ipv4))
                                .orElse(here),
                        vrid))
                .orElse(List.of());
        UnicastReader addresses = new UnicastReader(vips);
        Optional<IpAddress> source = addresses.source(router, owner);
        Optional<UnicastConfig> unicast = addresses.read(router, source);
        Duration lease = lease(router);
        AnnounceConfig announce =
                router.section("announce", AnnounceReader::read).orElse(AnnounceConfig.DEFAULT);
        OnRemoval onRemoval = router.oneOf("on-removal", ON_REMOVAL, OnRemoval.RESTORE);
        boolean stepDownWhenLate = router.oneOf("on-late", ON_LATE, true);
        List<TrackConfig> tracks = router.optional("track")
                .map(value -> trackReader.read(value, vips, owner))
                .orElse(List.of());
        if (interfaceName.isEmpty() || vips.isEmpty()) {
            return Optional.empty();
        }
        boolean ipv4 = vips.get(0).address().isIpv4();
        checkFamily(router, version, ipv4);
        checkPlace(entry, router, new Place(here, vrid, ipv4));
        return Optional.of(new RouterConfig(
                entry.name(),
                here,
                vrid,
                version,
                priority,
                interval,
                preempt,
                preemptDelay,
                accept,
                checksum,
                source,
                unicast,
                virtualMac.map(wanted -> virtualMacReader.claim(wanted, wanted.interfaceName(vrid, ipv4), here)),
                password,
                vips,
                lease,
                announce,
                onRemoval,
                stepDownWhenLate,
                tracks));
    }

    private static Version version(ConfigSection router) {
        int number = router.integer("version", Version.V3.number(), Version.V2.number(), Version.V3.number());
        return number == Version.V2.number() ? Version.V2 : Version.V3;
    }

    private static int priority(ConfigValue value) {
        if (value.was().equals("owner")) {
            return RouterConfig.OWNER_PRIORITY;
        }
        if (value.was().equals(Integer.toString(RouterConfig.OWNER_PRIORITY))) {
            value.problem("is that of the owner of the addresses, which is written as owner; the others have 1 to 254");
            return RouterConfig.DEFAULT_PRIORITY;
        }
        if (!value.was().matches("[-+.0-9].*")) {
            value.problem("must be a whole number from 1 to 254, or owner");
            return RouterConfig.DEFAULT_PRIORITY;
        }
        return value.integer(1, RouterConfig.OWNER_PRIORITY - 1).orElse(RouterConfig.DEFAULT_PRIORITY);
    }

    private static Duration interval(ConfigSection router, Version version) {
        String key = "advertisement-interval";
        boolean v2 = version == Version.V2;
        Duration interval = v2
                ? router.duration(key, RouterConfig.DEFAULT_INTERVAL, Duration.ofSeconds(1), MAX_V2_INTERVAL)
                : router.duration(
                        key, RouterConfig.DEFAULT_INTERVAL, RouterConfig.MIN_INTERVAL, RouterConfig.MAX_INTERVAL);
        if (v2 && interval.toNanosPart() != 0) {
            router.problem(key, "must be whole seconds, in which version 2 counts");
        } else if (interval.toMillis() % CENTISECOND_MS != 0) {
            router.problem(key, "must be a multiple of " + CENTISECOND_MS + "ms, in which VRRP counts");
        }
        return interval;
    }

    private static Duration preemptDelay(ConfigSection router, boolean preempt, boolean owner) {
        Duration delay = router.duration("preempt-delay", Duration.ZERO, Duration.ZERO, MAX_PREEMPT_DELAY);
        if (owner) {
            if (!preempt) {
                router.problem("preempt", "must be true: the owner of the addresses always takes over");
            }
            KeyRules.onlyFor("others than the owner", router, "preempt-delay");
        } else if (!preempt) {
            KeyRules.onlyFor("preempt: true", router, "preempt-delay");
        }
        return delay;
    }

    /** The kernel has no way to have an address and not to take packets to it, and packet filters are the operator's. */
    private static boolean accept(ConfigSection router) {
        if (!router.bool("accept", true)) {
            router.problem(
                    "accept",
                    "must be true: a host takes packets to an address that it has; one that only forwards can drop"
                            + " them by its packet filter");
        }
        return true;
    }

    private static Optional<String> password(ConfigSection router, Version version) {
        if (version != Version.V2 && router.isSound("version")) {
            KeyRules.onlyFor("version: 2", router, "password");
        }
        return router.optional("password").flatMap(value -> {
            String expected = "1 to 8 characters of visible ASCII";
            return value.text(expected).filter(text -> {
                boolean fits = PASSWORD.matcher(text).matches();
                if (!fits) {
                    value.problem("must be " + expected, text.length() + " characters");
                }
                return fits;
            });
        });
    }

    private static Duration lease(ConfigSection router) {
        Duration lease = router.duration("lease", RouterConfig.DEFAULT_LEASE, RouterConfig.MIN_LEASE, MAX_LEASE);
        if (lease.toNanosPart() != 0) {
            router.problem("lease", "must be whole seconds, in which the kernel counts");
        }
        return lease;
    }

    private static void checkFamily(ConfigSection router, Version version, boolean ipv4) {
        if (version == Version.V2 && !ipv4) {
            router.problem("version", "must be 3: version 2 is for IPv4 only (RFC 3768)");
        }
        if (version == Version.V2 || !ipv4) {
            KeyRules.onlyFor("version 3 over IPv4", router, "checksum");
        }
    }

    private void checkPlace(NamedValue entry, ConfigSection router, Place place) {
        Integer firstLine = lineByPlace.putIfAbsent(place, entry.key().line());
        if (firstLine != null && router.isSound("vrid", "interface")) {
            router.problem(
                    "vrid",
                    "is that of the router at line " + firstLine + ": a virtual router on " + place.interfaceName()
                            + " has its own in each family");
        }
    }
}
