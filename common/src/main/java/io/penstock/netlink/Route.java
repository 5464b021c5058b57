package io.penstock.netlink;

import io.penstock.net.IpPrefix;
import java.util.List;

/**
 * A route.
 *
 * @param table 254 is main
 * @param protocol who put it there: RTPROT_* of linux/rtnetlink.h or a number of one's own
 * @param type RTN_* of linux/rtnetlink.h
 * @param metric lower wins; 0 for IPv4's best. IPv6 reads 0 as 1024
 * @param nextHopId a nexthop object or group, or 0; then hops may be what the kernel shows of it
 * @param hops one for an ordinary route, several for multipath, none for blackhole and its kin
 */
public record Route(
        IpPrefix destination,
        int table,
        int protocol,
        int scope,
        Type type,
        long metric,
        int nextHopId,
        List<RouteHop> hops) {
    public static final int MAIN_TABLE = 254;
    public static final int SCOPE_UNIVERSE = 0;
    public static final int SCOPE_LINK = 253;

    /** RTN_* of linux/rtnetlink.h. */
    public enum Type {
        UNICAST(1),
        LOCAL(2),
        BROADCAST(3),
        ANYCAST(4),
        MULTICAST(5),
        BLACKHOLE(6),
        UNREACHABLE(7),
        PROHIBIT(8),
        THROW(9),
        /** Any that is not listed here. */
        OTHER(0);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }

        public static Type of(int code) {
            for (Type type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            return OTHER;
        }
    }

    public Route {
        hops = List.copyOf(hops);
    }
}
