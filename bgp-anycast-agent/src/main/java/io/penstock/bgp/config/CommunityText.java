package io.penstock.bgp.config;

import io.penstock.bgp.route.Community;
import io.penstock.bgp.route.ExtendedCommunity;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads communities of one kind.
 *
 * @param key of a list of them
 */
record CommunityText<T>(String key, String expected, Function<String, Optional<T>> parser) {
    static final CommunityText<Community> PLAIN = new CommunityText<>(
            "communities",
            "a community such as \"65001:100\", each part 0 to 65535, or a well-known one such as no-export or graceful-shutdown",
            Community::parse);
    static final CommunityText<ExtendedCommunity> EXTENDED = new CommunityText<>(
            "extended-communities",
            "an extended community such as \"rt:65001:100\", \"soo:192.0.2.1:100\" or 0x and 16 hexadecimal digits",
            ExtendedCommunity::parse);
    static final CommunityText<LargeCommunity> LARGE = new CommunityText<>(
            "large-communities",
            "a large community such as \"65001:1:2\", each part 0 to 4294967295",
            LargeCommunity::parse);

    /** With as many as this of each kind the attributes of a path are far from the 4 KiB of a message. */
    private static final int MAX_ENTRIES = 64;

    /** @param usual when the key is absent */
    Set<T> read(ConfigSection section, Set<T> usual) {
        return section.optional(key).map(this::list).orElse(usual);
    }

    private Set<T> list(ConfigValue value) {
        List<ConfigValue> items = value.itemsOrOne("one or a list of at least one: " + expected);
        if (items.size() > MAX_ENTRIES) {
            value.problem("must be at most " + MAX_ENTRIES, items.size() + " of them");
        }
        Set<T> communities = new LinkedHashSet<>();
        for (ConfigValue item : items) {
            read(item).ifPresent(community -> {
                if (!communities.add(community)) {
                    item.problem("is listed before");
                }
            });
        }
        return communities;
    }

    /** Reports what is wrong and is then empty. */
    Optional<T> read(ConfigValue value) {
        return value.text(expected).flatMap(text -> {
            Optional<T> community = parser.apply(text);
            if (community.isEmpty()) {
                value.problem("must be " + expected);
            }
            return community;
        });
    }
}
