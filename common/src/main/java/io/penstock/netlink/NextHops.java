package io.penstock.netlink;

import io.penstock.linux.SocketConstants;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Leg;
import io.penstock.netlink.NextHop.Member;
import io.penstock.netlink.NextHop.Resilience;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Nexthop objects and their groups (linux/nexthop.h, ip-nexthop(8)).
 *
 * <pre>
 * struct nhmsg {                        struct nexthop_grp {
 *     unsigned char nh_family;    0         __u32 id;           0
 *     unsigned char nh_scope;     1         __u8  weight;       4  minus 1
 *     unsigned char nh_protocol;  2         __u8  weight_high;  5  from Linux 6.12 on
 *     unsigned char resvd;        3         __u16 resvd2;       6
 *     unsigned int  nh_flags;     4     };                 size 8
 * };                         size 8
 * </pre>
 */
public final class NextHops {
    static final int HEADER_BYTES = 8;

    static final int NHA_ID = 1;
    static final int NHA_GROUP = 2;
    static final int NHA_GROUP_TYPE = 3;
    static final int NHA_BLACKHOLE = 4;
    static final int NHA_OIF = 5;
    static final int NHA_GATEWAY = 6;
    static final int NHA_FDB = 11;
    static final int NHA_RES_GROUP = 12;

    static final int NHA_RES_GROUP_BUCKETS = 1;
    static final int NHA_RES_GROUP_IDLE_TIMER = 2;
    static final int NHA_RES_GROUP_UNBALANCED_TIMER = 3;

    /** NEXTHOP_GRP_TYPE_RES; 0 is the one that picks by hash threshold. */
    static final int RESILIENT = 1;

    static final int MEMBER_BYTES = 8;

    /** Of clock_t, in which timers are: 1/100 s on all that Linux runs on. */
    static final int TICK_MILLIS = 10;

    private static final int CHANGE = Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_ACK;

    private static final Request LIST = new Request("list the nexthop objects", (writer, sequence) -> writer.begin(
                    Rtnetlink.RTM_GETNEXTHOP, Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_DUMP, sequence)
            .zero(HEADER_BYTES)
            .finish());

    private NextHops() {}

    public static List<NextHop> list(NetlinkSocket socket) throws IOException {
        return socket.dump(LIST, NextHopParser::parse);
    }

    /** To make one whose id is free; EEXIST where it is not, whoever owns it. */
    public static Request add(NextHop nextHop) {
        return put("add ", nextHop, Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_EXCL);
    }

    /**
     * To make one, or to change what its id leads to, at once for all routes and groups that use it; whoever owns it. A leg stays a
     * leg, a group of one kind stays one of that kind and, if resilient, keeps its number of buckets and what is in those of members
     * that stay.
     */
    public static Request put(NextHop nextHop) {
        return put("put ", nextHop, Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_REPLACE);
    }

    /**
     * To remove the one of this id, whoever owns it; ENOENT where there is none. It leaves its groups; a group that is left without
     * members goes, and so do routes that have nothing left to lead to. Of such IPv4 routes nobody is told.
     */
    public static Request remove(int id) {
        return new Request("remove nexthop " + Integer.toUnsignedString(id), (writer, sequence) -> writer.begin(
                        Rtnetlink.RTM_DELNEXTHOP, CHANGE, sequence)
                .zero(HEADER_BYTES)
                .attribute32(NHA_ID, id)
                .finish());
    }

    private static Request put(String verb, NextHop nextHop, int flags) {
        if (nextHop.target() instanceof NextHop.Other) {
            throw new IllegalArgumentException("nexthop " + nextHop.id() + " is neither a leg nor a group");
        }
        return new Request(
                verb + describe(nextHop),
                (writer, sequence) ->
                        encode(writer.begin(Rtnetlink.RTM_NEWNEXTHOP, CHANGE | flags, sequence), nextHop));
    }

    /** @param writer behind the netlink header */
    static void encode(MessageWriter writer, NextHop nextHop) {
        if (nextHop.target() instanceof Leg leg) {
            int family = leg.gateway().isIpv4() ? SocketConstants.AF_INET : SocketConstants.AF_INET6;
            header(writer, family, nextHop);
            writer.attribute(NHA_GATEWAY, leg.gateway()).attribute32(NHA_OIF, leg.linkIndex());
        } else if (nextHop.target() instanceof Group group) {
            header(writer, SocketConstants.AF_UNSPEC, nextHop);
            members(writer, group.members());
            if (group.resilience().isPresent()) {
                resilience(writer, group.resilience().get());
            }
        }
        writer.finish();
    }

    private static void header(MessageWriter writer, int family, NextHop nextHop) {
        writer.u8(family).u8(0).u8(nextHop.protocol()).u8(0).u32(0).attribute32(NHA_ID, nextHop.id());
    }

    private static void members(MessageWriter writer, List<Member> members) {
        int at = writer.beginAttribute(NHA_GROUP);
        for (Member member : members) {
            writer.u32(member.id()).u8(member.weight() - 1).zero(3);
        }
        writer.endAttribute(at);
    }

    private static void resilience(MessageWriter writer, Resilience resilience) {
        writer.attribute16(NHA_GROUP_TYPE, RESILIENT);
        int at = writer.beginAttribute(NHA_RES_GROUP | MessageWriter.NLA_F_NESTED);
        writer.attribute16(NHA_RES_GROUP_BUCKETS, resilience.buckets())
                .attribute32(NHA_RES_GROUP_IDLE_TIMER, ticks(resilience.idleTimer()))
                .attribute32(NHA_RES_GROUP_UNBALANCED_TIMER, ticks(resilience.unbalancedTimer()))
                .endAttribute(at);
    }

    private static long ticks(Duration duration) {
        return duration.toMillis() / TICK_MILLIS;
    }

    private static String describe(NextHop nextHop) {
        StringBuilder text = new StringBuilder("nexthop ").append(Integer.toUnsignedString(nextHop.id()));
        if (nextHop.target() instanceof Leg leg) {
            text.append(" via ").append(leg.gateway()).append(" on link ").append(leg.linkIndex());
        } else if (nextHop.target() instanceof Group group) {
            text.append(group.resilience().isPresent() ? " resilient group" : " group");
            for (Member member : group.members()) {
                text.append(' ').append(Integer.toUnsignedString(member.id()));
                text.append(',').append(member.weight());
            }
        }
        return text.toString();
    }
}
