package io.penstock.bgp.config;

import io.penstock.bgp.route.Community;
import io.penstock.bgp.route.PathAttributes.Origin;
import io.penstock.config.ConfigSection;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads {@code attributes} of a VIP: what is said of its prefix in each state. What a state does not say is as when up. */
final class AttributesReader {
    private static final long MAX_32_BITS = 4_294_967_295L;
    private static final int MAX_PREPEND = 16;
    private static final Duration MAX_WAIT = Duration.ofHours(24);
    private static final Map<String, Origin> ORIGINS =
            Map.of("igp", Origin.IGP, "egp", Origin.EGP, "incomplete", Origin.INCOMPLETE);

    private AttributesReader() {}

    /** In each state, and how long it is draining. */
    record States(AttributesConfig up, AttributesConfig degraded, AttributesConfig draining, Duration drainWait) {
        static final States DEFAULT = new States(
                AttributesConfig.NONE,
                AttributesConfig.NONE,
                leaving(AttributesConfig.NONE),
                VipConfig.DEFAULT_DRAIN_WAIT);
    }

    /** One, with how long it lasts. */
    private record Draining(AttributesConfig attributes, Duration lasting) {}

    static States read(ConfigSection attributes) {
        AttributesConfig up = attributes
                .section("up", section -> read(section, AttributesConfig.NONE))
                .orElse(AttributesConfig.NONE);
        AttributesConfig degraded =
                attributes.section("degraded", section -> read(section, up)).orElse(up);
        Draining draining = attributes
                .section("draining", section -> draining(section, leaving(up)))
                .orElseGet(() -> new Draining(leaving(up), VipConfig.DEFAULT_DRAIN_WAIT));
        return new States(up, degraded, draining.attributes(), draining.lasting());
    }

    private static Draining draining(ConfigSection section, AttributesConfig usual) {
        return new Draining(
                read(section, usual), section.duration("wait", VipConfig.DEFAULT_DRAIN_WAIT, Duration.ZERO, MAX_WAIT));
    }

    private static AttributesConfig read(ConfigSection section, AttributesConfig usual) {
        return new AttributesConfig(
                section.oneOf("origin", ORIGINS, usual.origin()),
                number(section, "med", usual.med()),
                number(section, "local-pref", usual.localPref()),
                section.integer("prepend", usual.prepend(), 0, MAX_PREPEND),
                CommunityText.PLAIN.read(section, usual.communities()),
                CommunityText.EXTENDED.read(section, usual.extendedCommunities()),
                CommunityText.LARGE.read(section, usual.largeCommunities()));
    }

    private static OptionalLong number(ConfigSection section, String key, OptionalLong usual) {
        Optional<OptionalLong> number = section.optional(key).map(value -> value.wholeNumber(0, MAX_32_BITS));
        return number.orElse(usual);
    }

    /** The same, and that any other path is better. */
    private static AttributesConfig leaving(AttributesConfig up) {
        Set<Community> communities = new LinkedHashSet<>(up.communities());
        communities.add(Community.GRACEFUL_SHUTDOWN);
        return new AttributesConfig(
                up.origin(),
                up.med(),
                up.localPref(),
                up.prepend(),
                communities,
                up.extendedCommunities(),
                up.largeCommunities());
    }
}
