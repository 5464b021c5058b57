package io.penstock.netlink;

import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A nexthop object (ip-nexthop(8)): one leg, or a group of legs.
 *
 * @param id from 1
 * @param protocol who put it there, as in {@link Route}
 * @param target what it leads to
 */
public record NextHop(int id, int protocol, Target target) {
    /** What a nexthop object leads to. */
    public sealed interface Target permits Leg, Group, Other {}

    /**
     * A gateway behind an interface.
     *
     * @param flags RTNH_F_* as the kernel reports them, 0 in a request
     */
    public record Leg(IpAddress gateway, int linkIndex, int flags) implements Target {
        public Leg(IpAddress gateway, int linkIndex) {
            this(gateway, linkIndex, 0);
        }

        /** The same leg, whatever state the kernel sees it in. */
        public Leg withoutState() {
            return flags == 0 ? this : new Leg(gateway, linkIndex);
        }
    }

    /**
     * Several legs to choose from.
     *
     * @param resilience empty for a group that picks by hash threshold, whose flows move when members do
     */
    public record Group(List<Member> members, Optional<Resilience> resilience) implements Target {
        public Group {
            members = List.copyOf(members);
        }
    }

    /** Without a gateway, a blackhole, or for a bridge: nothing that is made here. */
    public record Other() implements Target {}

    /**
     * A leg and its share.
     *
     * @param weight 1 to 256
     */
    public record Member(int id, int weight) {}

    /**
     * A table of buckets; flows stay with a bucket's member until the bucket was idle for so long or the member leaves.
     *
     * @param buckets 1 to 65,535; fixed once the group is there
     * @param unbalancedTimer after which buckets move though they are busy; zero for never
     */
    public record Resilience(int buckets, Duration idleTimer, Duration unbalancedTimer) {}
}
