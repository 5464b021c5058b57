package io.penstock.ecmp.config;

import io.penstock.net.IpPrefix;
import java.util.List;

/** Kinds of prefixes. */
final class Addresses {
    /** Multicast of RFC 5771 and RFC 4291 section 2.7, and loopback. */
    private static final List<IpPrefix> NO_ROUTES =
            List.of(prefix("224.0.0.0/4"), prefix("ff00::/8"), prefix("127.0.0.0/8"), prefix("::1/128"));

    private Addresses() {}

    /** Whether packets to it may be led to another host. */
    static boolean isRoutable(IpPrefix prefix) {
        return NO_ROUTES.stream().noneMatch(block -> block.contains(prefix));
    }

    private static IpPrefix prefix(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }
}
