package io.penstock.netlink;

import io.penstock.net.IpAddress;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Leg;
import io.penstock.netlink.NextHop.Member;
import io.penstock.netlink.NextHop.Other;
import io.penstock.netlink.NextHop.Resilience;
import io.penstock.netlink.NextHop.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;

/** Reads what the kernel says of one nexthop object. The layout is that of {@link NextHops}. NOT thread safe; one for each message. */
final class NextHopParser {
    private static final int PROTOCOL = 2;
    private static final int FLAGS = 4;
    private static final int WEIGHT = 4;
    private static final int WEIGHT_HIGH = 5;

    private final DirectBuffer buffer;
    private final List<Member> members = new ArrayList<>();
    private Optional<IpAddress> gateway = Optional.empty();
    private Optional<Resilience> resilience = Optional.empty();
    private int id;
    private int link;
    private boolean group;
    private boolean other;

    private NextHopParser(DirectBuffer buffer) {
        this.buffer = buffer;
    }

    static Optional<NextHop> parse(DirectBuffer buffer, int from, int limit) {
        if (limit - from < NextHops.HEADER_BYTES) {
            return Optional.empty();
        }
        NextHopParser parser = new NextHopParser(buffer);
        parser.attributes(new AttributeReader(buffer, from + NextHops.HEADER_BYTES, limit));
        if (parser.id == 0) {
            return Optional.empty();
        }
        int protocol = Byte.toUnsignedInt(buffer.getByte(from + PROTOCOL));
        return Optional.of(new NextHop(parser.id, protocol, parser.target(buffer.getInt(from + FLAGS))));
    }

    private void attributes(AttributeReader attributes) {
        while (attributes.next()) {
            switch (attributes.type()) {
                case NextHops.NHA_ID -> id = attributes.s32();
                case NextHops.NHA_OIF -> link = attributes.s32();
                case NextHops.NHA_GATEWAY -> gateway = attributes.address();
                case NextHops.NHA_GROUP -> members(attributes.offset(), attributes.length());
                case NextHops.NHA_RES_GROUP -> resilience = Optional.of(resilience(attributes.nested()));
                case NextHops.NHA_BLACKHOLE, NextHops.NHA_FDB -> other = true;
                default -> {
                    // Encapsulation, counters: others' have them.
                }
            }
        }
    }

    private void members(int at, int lengthBytes) {
        group = true;
        for (int next = at; next - at <= lengthBytes - NextHops.MEMBER_BYTES; next += NextHops.MEMBER_BYTES) {
            int weight = Byte.toUnsignedInt(buffer.getByte(next + WEIGHT))
                    | Byte.toUnsignedInt(buffer.getByte(next + WEIGHT_HIGH)) << Byte.SIZE;
            members.add(new Member(buffer.getInt(next), weight + 1));
        }
    }

    private static Resilience resilience(AttributeReader attributes) {
        int buckets = 0;
        long idleTicks = 0;
        long unbalancedTicks = 0;
        while (attributes.next()) {
            switch (attributes.type()) {
                case NextHops.NHA_RES_GROUP_BUCKETS -> buckets = attributes.u16();
                case NextHops.NHA_RES_GROUP_IDLE_TIMER -> idleTicks = attributes.u32();
                case NextHops.NHA_RES_GROUP_UNBALANCED_TIMER -> unbalancedTicks = attributes.u32();
                default -> {
                    // For how long it has not been balanced.
                }
            }
        }
        return new Resilience(buckets, duration(idleTicks), duration(unbalancedTicks));
    }

    private static Duration duration(long ticks) {
        return Duration.ofMillis(ticks * NextHops.TICK_MILLIS);
    }

    private Target target(int flags) {
        if (group && !other) {
            return new Group(members, resilience);
        }
        if (gateway.isPresent() && !other) {
            return new Leg(gateway.get(), link, flags);
        }
        return new Other();
    }
}
