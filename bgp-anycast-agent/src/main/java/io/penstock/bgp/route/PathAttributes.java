package io.penstock.bgp.route;

import io.penstock.net.IpAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is said of a prefix with its announcement. A value: two that say the same are equal, in whatever order they were given.
 *
 * @param origin ORIGIN (RFC 4271 section 5.1.1)
 * @param nextHop NEXT_HOP; empty for the address of the session's own end, which the daemon puts in
 * @param asPath the ASNs of an AS_SEQUENCE that the daemon prepends its own to, on eBGP sessions (RFC 4271 section 5.1.2); the first is the nearest
 * @param med MULTI_EXIT_DISC (section 5.1.4), 0 to 4294967295
 * @param localPref LOCAL_PREF (section 5.1.5), 0 to 4294967295
 * @param communities RFC 1997
 * @param extendedCommunities RFC 4360
 * @param largeCommunities RFC 8092
 */
public record PathAttributes(
        Origin origin,
        Optional<IpAddress> nextHop,
        List<Long> asPath,
        OptionalLong med,
        OptionalLong localPref,
        SortedSet<Community> communities,
        SortedSet<ExtendedCommunity> extendedCommunities,
        SortedSet<LargeCommunity> largeCommunities) {
    /** Of a path that says nothing but that it is there. */
    public static final PathAttributes NONE = new PathAttributes(
            Origin.IGP,
            Optional.empty(),
            List.of(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Collections.emptySortedSet(),
            Collections.emptySortedSet(),
            Collections.emptySortedSet());

    /** ORIGIN, in the order of its codes. */
    public enum Origin {
        IGP,
        EGP,
        INCOMPLETE;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public PathAttributes {
        asPath = List.copyOf(asPath);
        communities = Collections.unmodifiableSortedSet(new TreeSet<>(communities));
        extendedCommunities = Collections.unmodifiableSortedSet(new TreeSet<>(extendedCommunities));
        largeCommunities = Collections.unmodifiableSortedSet(new TreeSet<>(largeCommunities));
    }
    /** One line for people: what a configuration calls each, and nothing of what is not said. */
    @Override
    public String toString() {
        StringJoiner line = new StringJoiner(", ");
        line.add("next-hop " + nextHop.map(IpAddress::toString).orElse("self"));
        if (origin != Origin.IGP) {
            line.add("origin " + origin.label());
        }
        add(line, "as-path", asPath);
        med.ifPresent(value -> line.add("med " + value));
        localPref.ifPresent(value -> line.add("local-pref " + value));
        add(line, "communities", communities);
        add(line, "extended-communities", extendedCommunities);
        add(line, "large-communities", largeCommunities);
        return line.toString();
    }

    private static void add(StringJoiner line, String name, Collection<?> values) {
        if (!values.isEmpty()) {
            line.add(values.stream().map(String::valueOf).collect(Collectors.joining(" ", name + " ", "")));
        }
    }
}
