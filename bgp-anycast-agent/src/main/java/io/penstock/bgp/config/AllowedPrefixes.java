package io.penstock.bgp.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code allow}, and holds each prefix that is to be announced against it. */
final class AllowedPrefixes {
    private static final int MAX_ENTRIES = 256;

    /** What is shorter is more than a registry gives anybody; leading zeros of IPv4 within 128 bits counted. */
    private static final int SHORTEST_IPV4 = 96 + 8;

    private static final int SHORTEST_IPV6 = 16;

    private final List<IpPrefix> prefixes;

    /** Whether all were read: what is missing may be what allows a prefix. */
    private final boolean complete;

    private final Map<IpPrefix, Integer> lineByPrefix = new HashMap<>();

    private AllowedPrefixes(List<IpPrefix> prefixes, boolean complete) {
        this.prefixes = prefixes;
        this.complete = complete;
    }

    static AllowedPrefixes read(ConfigSection document) {
        List<IpPrefix> prefixes =
                document.required("allow").map(AllowedPrefixes::list).orElse(List.of());
        return new AllowedPrefixes(prefixes, document.isSound("allow"));
    }

    private static List<IpPrefix> list(ConfigValue allow) {
        List<ConfigValue> items =
                allow.items("a list of prefixes outside of which nothing is announced, with at least one");
        if (items.size() > MAX_ENTRIES) {
            allow.problem("must be at most " + MAX_ENTRIES + " prefixes", items.size() + " prefixes");
        }
        List<IpPrefix> prefixes = new ArrayList<>();
        for (ConfigValue item : items) {
            PrefixText.read(item).ifPresent(prefix -> {
                if (prefixes.contains(prefix)) {
                    item.problem("is listed before");
                }
                prefixes.add(prefix);
            });
        }
        return prefixes;
    }

    List<IpPrefix> prefixes() {
        return prefixes;
    }

    /** One that may be announced, and that no other VIP has; else reports why not. */
    Optional<IpPrefix> announced(ConfigValue value) {
        return PrefixText.read(value)
                .filter(prefix -> isAllowed(value, prefix))
                .filter(prefix -> leadsToHosts(value, prefix))
                .filter(prefix -> isFirst(value, prefix));
    }

    private boolean isAllowed(ConfigValue value, IpPrefix prefix) {
        if (!complete || prefixes.contains(prefix)) {
            return true;
        }
        if (isShort(prefix)) {
            value.problem("takes in so much that allow has to name exactly this prefix");
            return false;
        }
        boolean allowed = prefixes.stream().anyMatch(block -> block.contains(prefix));
        if (!allowed) {
            value.problem("must be inside of a prefix of allow");
        }
        return allowed;
    }

    private static boolean isShort(IpPrefix prefix) {
        return prefix.bits() < (prefix.isIpv4() ? SHORTEST_IPV4 : SHORTEST_IPV6);
    }

    private static boolean leadsToHosts(ConfigValue value, IpPrefix prefix) {
        IpAddress first = prefix.first();
        boolean leads =
                first.isAny() ? isShort(prefix) : first.isUnicast() && !first.isLoopback() && !first.isLinkLocal();
        if (!leads) {
            value.problem("must be of addresses that routers lead to a host, not loopback, link-local or multicast");
        }
        return leads;
    }

    private boolean isFirst(ConfigValue value, IpPrefix prefix) {
        Integer firstLine = lineByPrefix.putIfAbsent(prefix, value.line());
        if (firstLine != null) {
            value.problem("duplicate prefix, first at line " + firstLine);
        }
        return firstLine == null;
    }
}
