package io.penstock.netlink;

import static io.penstock.netlink.RouterNetwork.OURS;
import static io.penstock.netlink.RouterNetwork.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.linux.Errno;
import io.penstock.linux.OpenFds;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Leg;
import io.penstock.netlink.NextHop.Member;
import io.penstock.netlink.NextHop.Other;
import io.penstock.netlink.NextHop.Resilience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the kernel made of requests, as it says itself, and as ip(8) shows it. */
@ExtendWith(OpenFds.class)
@Timeout(60)
class NextHopsTest {
    private static final int BUCKETS = 1024;

    @Test
    void shouldListWhatItPut() throws Throwable {
        RouterNetwork.run(network -> {
            Resilience resilience = new Resilience(BUCKETS, Duration.ofMillis(1_500), Duration.ofHours(1));
            List<Member> members = List.of(new Member(1, 1), new Member(2, 256));
            List<NextHop> nextHops = List.of(
                    network.leg(1, 1, 2),
                    network.leg(2, 2, 2),
                    new NextHop(3, OURS, new Leg(RouterNetwork.gateway6(1, 2), network.link(1))),
                    new NextHop(10, OURS, new Group(members, Optional.of(resilience))),
                    new NextHop(11, OURS, new Group(members, Optional.empty())));
            for (NextHop nextHop : nextHops) {
                network.socket.request(NextHops.add(nextHop));
            }

            assertEquals(nextHops, NextHops.list(network.socket));
            for (int id = 11; id >= 10; id--) {
                network.socket.request(NextHops.remove(id));
            }
            assertEquals(nextHops.subList(0, 3), NextHops.list(network.socket));
        });
    }

    @Test
    void shouldShowWhatIpShows() throws Throwable {
        RouterNetwork.run(network -> {
            ip("nexthop add id 1 via 10.0.1.2 dev v1 proto 220");
            ip("nexthop add id 2 via 2001:db8:2::2 dev v2");
            ip("nexthop add id 3 blackhole proto 220");
            ip("nexthop add id 4 dev v3");
            ip("nexthop add id 5 group 1,3/2,200 type resilient buckets 16 idle_timer 5 unbalanced_timer 9");
            ip("nexthop add id 4294967295 group 1");

            List<String> shown = new ArrayList<>();
            for (JsonObject nextHop : Ip.list("nexthop", "show")) {
                shown.add(asShown(nextHop, network));
            }
            List<String> listed = new ArrayList<>();
            for (NextHop nextHop : NextHops.list(network.socket)) {
                listed.add(Integer.toUnsignedString(nextHop.id()) + " " + asListed(nextHop.target()));
            }
            assertEquals(shown, listed);
            assertEquals(6, listed.size());
        });
    }

    @Test
    void shouldListTheBuckets() throws Throwable {
        RouterNetwork.run(network -> {
            network.socket.request(NextHops.add(network.leg(1, 1, 2)));
            network.socket.request(NextHops.add(network.leg(2, 2, 2)));
            Resilience resilience = new Resilience(BUCKETS, Duration.ofSeconds(1), Duration.ZERO);
            Group group = new Group(List.of(new Member(1, 1), new Member(2, 3)), Optional.of(resilience));
            network.socket.request(NextHops.add(new NextHop(10, OURS, group)));

            List<Buckets.Bucket> buckets = Buckets.list(network.socket, 10);

            assertEquals(BUCKETS, buckets.size());
            for (int i = 0; i < BUCKETS; i++) {
                assertEquals(i, buckets.get(i).index());
            }
            assertEquals(
                    BUCKETS / 4,
                    buckets.stream().filter(bucket -> bucket.nextHopId() == 1).count());
            assertThrows(NetlinkException.class, () -> Buckets.list(network.socket, 1));
        });
    }

    @Test
    void shouldRefuseToAddWhatIsThereWhoeverOwnsIt() throws Throwable {
        RouterNetwork.run(network -> {
            ip("nexthop add id 1 blackhole proto 220");

            NetlinkException refusal = assertThrows(
                    NetlinkException.class, () -> network.socket.request(NextHops.add(network.leg(1, 1, 2))));

            assertEquals(Errno.EEXIST, refusal.errno());
            assertTrue(refusal.getMessage().startsWith("add nexthop 1 via 10.0.1.2 on link "), refusal.getMessage());
        });
    }

    private static String asListed(NextHop.Target target) {
        if (target instanceof Leg leg) {
            return leg.gateway() + " " + leg.linkIndex();
        }
        if (target instanceof Other) {
            return "other";
        }
        Group group = (Group) target;
        StringBuilder text = new StringBuilder();
        for (Member member : group.members()) {
            text.append(member.id()).append(',').append(member.weight()).append(' ');
        }
        group.resilience().ifPresent(resilience -> text.append(resilience.buckets())
                .append(' ')
                .append(resilience.idleTimer().toSeconds())
                .append(' ')
                .append(resilience.unbalancedTimer().toSeconds()));
        return text.toString();
    }

    private static String asShown(JsonObject nextHop, RouterNetwork network) throws Exception {
        String id = nextHop.get("id").getAsString() + " ";
        if (nextHop.has("gateway")) {
            String link = nextHop.get("dev").getAsString();
            return id + nextHop.get("gateway").getAsString() + " " + network.link(link.charAt(1) - '0');
        }
        if (!nextHop.has("group")) {
            return id + "other";
        }
        StringBuilder text = new StringBuilder(id);
        for (JsonElement member : nextHop.getAsJsonArray("group")) {
            JsonObject fields = member.getAsJsonObject();
            text.append(fields.get("id").getAsInt()).append(',');
            text.append(fields.has("weight") ? fields.get("weight").getAsInt() : 1)
                    .append(' ');
        }
        if (nextHop.has("resilient_args")) {
            JsonObject resilience = nextHop.getAsJsonObject("resilient_args");
            text.append(resilience.get("buckets").getAsInt()).append(' ');
            text.append(resilience.get("idle_timer").getAsInt()).append(' ');
            text.append(resilience.get("unbalanced_timer").getAsInt());
        }
        return text.toString();
    }
}
