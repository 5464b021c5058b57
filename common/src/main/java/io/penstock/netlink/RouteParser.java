package io.penstock.netlink;

import static io.penstock.netlink.RouteMessage.RTAX_MTU;
import static io.penstock.netlink.RouteMessage.RTA_DST;
import static io.penstock.netlink.RouteMessage.RTA_GATEWAY;
import static io.penstock.netlink.RouteMessage.RTA_METRICS;
import static io.penstock.netlink.RouteMessage.RTA_MULTIPATH;
import static io.penstock.netlink.RouteMessage.RTA_NH_ID;
import static io.penstock.netlink.RouteMessage.RTA_OIF;
import static io.penstock.netlink.RouteMessage.RTA_PRIORITY;
import static io.penstock.netlink.RouteMessage.RTA_TABLE;
import static io.penstock.netlink.RouteMessage.RTA_VIA;

import io.penstock.linux.SocketConstants;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;

/**
 * Reads what the kernel says of one route. The layout is {@link RouteMessage}'s. NOT thread safe; one for each message.
 */
final class RouteParser {
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    /** RTNH_F_*, which a route by one leg has among its own flags. */
    private static final int HOP_FLAGS_MASK = 0xff;

    private final DirectBuffer buffer;
    private final int from;
    private final List<RouteHop> hops = new ArrayList<>();
    private Optional<IpAddress> destination = Optional.empty();
    private Optional<IpAddress> gateway = Optional.empty();
    private int table;
    private long metric;
    private int nextHopId;
    private int link;
    private int mtu;

    private RouteParser(DirectBuffer buffer, int from) {
        this.buffer = buffer;
        this.from = from;
        this.table = u8(RouteMessage.TABLE);
    }

    /** Empty also for a route that is for one type of service or source network only, and for a prefix that is none. */
    static Optional<Route> parse(DirectBuffer buffer, int from, int limit) {
        if (limit - from < RouteMessage.HEADER_BYTES) {
            return Optional.empty();
        }
        RouteParser parser = new RouteParser(buffer, from);
        return parser.isPlain() ? parser.read(limit) : Optional.empty();
    }

    /**
     * The same of a route that was asked for by an address. Of IPv6, a kernel that has routes by source (CONFIG_IPV6_SUBTREES) says for which
     * source it has answered, which does not make it a route for that one only.
     */
    static Optional<RouteAnswer> parseAnswer(DirectBuffer buffer, int from, int limit) {
        if (limit - from < RouteMessage.HEADER_BYTES) {
            return Optional.empty();
        }
        RouteParser parser = new RouteParser(buffer, from);
        return parser.read(limit).map(route -> new RouteAnswer(route, parser.mtu));
    }

    private Optional<Route> read(int limit) {
        attributes(new AttributeReader(buffer, from + RouteMessage.HEADER_BYTES, limit));
        return prefix().map(this::route);
    }

    private boolean isPlain() {
        int family = u8(0);
        return (family == SocketConstants.AF_INET || family == SocketConstants.AF_INET6)
                && u8(RouteMessage.SOURCE_BITS) == 0
                && u8(RouteMessage.TYPE_OF_SERVICE) == 0;
    }

    private void attributes(AttributeReader attributes) {
        while (attributes.next()) {
            switch (attributes.type()) {
                case RTA_DST -> destination = attributes.address();
                case RTA_TABLE -> table = attributes.s32();
                case RTA_PRIORITY -> metric = attributes.u32();
                case RTA_NH_ID -> nextHopId = attributes.s32();
                case RTA_OIF -> link = attributes.s32();
                case RTA_GATEWAY -> gateway = attributes.address();
                case RTA_VIA -> gateway = via(attributes);
                case RTA_METRICS -> metrics(attributes.nested());
                case RTA_MULTIPATH -> multipath(attributes.offset(), attributes.offset() + attributes.length());
                default -> {
                    // Its source address, how long it is there: kept by whoever set them.
                }
            }
        }
    }

    private void metrics(AttributeReader attributes) {
        while (attributes.next()) {
            if (attributes.type() == RTAX_MTU) {
                mtu = Math.max(0, attributes.s32());
            }
        }
    }

    /** Legs one behind the other, each with attributes of its own. */
    private void multipath(int first, int limit) {
        int at = first;
        while (limit - at >= RouteMessage.HOP_BYTES) {
            int length = Short.toUnsignedInt(buffer.getShort(at));
            if (length < RouteMessage.HOP_BYTES || length > limit - at) {
                return;
            }
            hops.add(hop(at, length));
            at += length + (-length & 3);
        }
    }

    private RouteHop hop(int at, int length) {
        Optional<IpAddress> via = Optional.empty();
        AttributeReader attributes = new AttributeReader(buffer, at + RouteMessage.HOP_BYTES, at + length);
        while (attributes.next()) {
            switch (attributes.type()) {
                case RTA_GATEWAY -> via = attributes.address();
                case RTA_VIA -> via = via(attributes);
                default -> {
                    // Encapsulation, realms: others' legs have them.
                }
            }
        }
        return new RouteHop(
                via,
                buffer.getInt(at + RouteMessage.HOP_LINK),
                Byte.toUnsignedInt(buffer.getByte(at + RouteMessage.HOP_WEIGHT)) + 1,
                Byte.toUnsignedInt(buffer.getByte(at + RouteMessage.HOP_FLAGS)));
    }

    /** A gateway of the other family: struct rtvia is the family in two octets, then the address. */
    private static Optional<IpAddress> via(AttributeReader attribute) {
        return attribute.address(Short.BYTES);
    }

    /** An IPv6 one of IPv4-mapped addresses would read as IPv4: nothing that packets have. */
    private Optional<IpPrefix> prefix() {
        boolean ipv4 = u8(0) == SocketConstants.AF_INET;
        int bits = u8(RouteMessage.DESTINATION_BITS);
        IpAddress first = destination.orElse(ipv4 ? IpAddress.ANY_IPV4 : IpAddress.ANY_IPV6);
        if (first.isIpv4() != ipv4 || bits > (ipv4 ? IPV4_BITS : IPV6_BITS)) {
            return Optional.empty();
        }
        return IpPrefix.of(first, ipv4 ? RouteMessage.IPV4_MAPPED_BITS + bits : bits);
    }

    private Route route(IpPrefix prefix) {
        Route.Type type = Route.Type.of(u8(RouteMessage.TYPE));
        boolean leads =
                switch (type) {
                    case BLACKHOLE, UNREACHABLE, PROHIBIT, THROW -> false;
                    default -> true;
                };
        if (leads && hops.isEmpty() && (link != 0 || gateway.isPresent())) {
            hops.add(new RouteHop(gateway, link, 1, buffer.getInt(from + RouteMessage.FLAGS) & HOP_FLAGS_MASK));
        }
        return new Route(
                prefix,
                table,
                u8(RouteMessage.PROTOCOL),
                u8(RouteMessage.SCOPE),
                type,
                metric,
                nextHopId,
                leads ? hops : List.of());
    }

    private int u8(int offset) {
        return Byte.toUnsignedInt(buffer.getByte(from + offset));
    }
}
