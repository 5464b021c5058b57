package io.penstock.netlink;

import io.penstock.linux.SocketConstants;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.List;
import java.util.Locale;

/**
 * Writes what is behind the netlink header of a request about routes (linux/rtnetlink.h); {@link RouteParser} reads it.
 *
 * <pre>
 * struct rtmsg {                             struct rtnexthop {
 *     unsigned char rtm_family;    0             unsigned short rtnh_len;      0  with its attributes
 *     unsigned char rtm_dst_len;   1             unsigned char  rtnh_flags;    2
 *     unsigned char rtm_src_len;   2             unsigned char  rtnh_hops;     3  weight - 1
 *     unsigned char rtm_tos;       3             int            rtnh_ifindex;  4
 *     unsigned char rtm_table;     4         };                           size 8
 *     unsigned char rtm_protocol;  5
 *     unsigned char rtm_scope;     6
 *     unsigned char rtm_type;      7
 *     unsigned      rtm_flags;     8
 * };                         size 12
 * </pre>
 */
final class RouteMessage {
    static final int HEADER_BYTES = 12;
    static final int DESTINATION_BITS = 1;
    static final int SOURCE_BITS = 2;
    static final int TYPE_OF_SERVICE = 3;
    static final int TABLE = 4;
    static final int PROTOCOL = 5;
    static final int SCOPE = 6;
    static final int TYPE = 7;
    static final int FLAGS = 8;

    static final int HOP_BYTES = 8;
    static final int HOP_FLAGS = 2;
    static final int HOP_WEIGHT = 3;
    static final int HOP_LINK = 4;

    static final int RTA_DST = 1;
    static final int RTA_OIF = 4;
    static final int RTA_GATEWAY = 5;
    static final int RTA_PRIORITY = 6;
    static final int RTA_METRICS = 8;
    static final int RTA_MULTIPATH = 9;
    static final int RTA_TABLE = 15;
    static final int RTA_VIA = 18;
    static final int RTA_NH_ID = 30;

    /** Within RTA_METRICS. */
    static final int RTAX_MTU = 2;

    /** IPv4-mapped, as {@link IpPrefix} has it. */
    static final int IPV4_MAPPED_BITS = 96;

    /** Of the header, RT_TABLE_UNSPEC: the attribute says it. */
    private static final int TABLE_IN_ATTRIBUTE = 0;

    private static final int TABLE_MAX_IN_HEADER = 255;

    private RouteMessage() {}

    /** @param writer behind the netlink header */
    static void list(MessageWriter writer, int family, int table) {
        writer.u8(family).zero(HEADER_BYTES - 1).attribute32(RTA_TABLE, table).finish();
    }

    /** @param writer behind the netlink header */
    static void encode(MessageWriter writer, Route route) {
        header(writer, route);
        IpPrefix destination = route.destination();
        if (familyBits(destination) > 0) {
            writer.attribute(RTA_DST, destination.first());
        }
        if (!isInHeader(route.table())) {
            writer.attribute32(RTA_TABLE, route.table());
        }
        if (route.metric() != 0) {
            writer.attribute32(RTA_PRIORITY, route.metric());
        }
        if (route.nextHopId() != 0) {
            writer.attribute32(RTA_NH_ID, route.nextHopId());
        } else {
            hops(writer, route.hops());
        }
        writer.finish();
    }

    private static void header(MessageWriter writer, Route route) {
        writer.u8(route.destination().isIpv4() ? SocketConstants.AF_INET : SocketConstants.AF_INET6)
                .u8(familyBits(route.destination()))
                .zero(2)
                .u8(isInHeader(route.table()) ? route.table() : TABLE_IN_ATTRIBUTE)
                .u8(route.protocol())
                .u8(route.scope())
                .u8(route.type().code())
                .u32(0);
    }

    private static void hops(MessageWriter writer, List<RouteHop> hops) {
        if (hops.size() == 1) {
            RouteHop hop = hops.get(0);
            gateway(writer, hop);
            if (hop.linkIndex() != 0) {
                writer.attribute32(RTA_OIF, hop.linkIndex());
            }
        } else if (!hops.isEmpty()) {
            int all = writer.beginAttribute(RTA_MULTIPATH);
            for (RouteHop hop : hops) {
                multipathHop(writer, hop);
            }
            writer.endAttribute(all);
        }
    }

    /** Its length is where an attribute has one, and it ends as one does. */
    private static void multipathHop(MessageWriter writer, RouteHop hop) {
        int at = writer.lengthBytes();
        writer.u16(0).u8(0).u8(hop.weight() - 1).u32(hop.linkIndex());
        gateway(writer, hop);
        writer.endAttribute(at);
    }

    private static void gateway(MessageWriter writer, RouteHop hop) {
        if (hop.gateway().isPresent()) {
            writer.attribute(RTA_GATEWAY, hop.gateway().get());
        }
    }

    private static boolean isInHeader(int table) {
        return table > 0 && table <= TABLE_MAX_IN_HEADER;
    }

    private static int familyBits(IpPrefix prefix) {
        return prefix.isIpv4() ? prefix.bits() - IPV4_MAPPED_BITS : prefix.bits();
    }

    /** As {@code ip route} would say it. */
    static String describe(Route route) {
        StringBuilder text = new StringBuilder("route ");
        if (route.type() != Route.Type.UNICAST) {
            text.append(route.type().toString().toLowerCase(Locale.ROOT)).append(' ');
        }
        text.append(route.destination());
        if (route.nextHopId() != 0) {
            text.append(" nhid ").append(Integer.toUnsignedString(route.nextHopId()));
        } else {
            for (RouteHop hop : route.hops()) {
                text.append(route.hops().size() > 1 ? " nexthop" : "");
                hop.gateway().map(IpAddress::toString).ifPresent(via -> text.append(" via ")
                        .append(via));
            }
        }
        if (route.table() != Route.MAIN_TABLE) {
            text.append(" table ").append(Integer.toUnsignedString(route.table()));
        }
        if (route.metric() != 0) {
            text.append(" metric ").append(route.metric());
        }
        return text.toString();
    }
}
