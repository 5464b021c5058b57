package io.penstock.netlink;

import static io.penstock.netlink.RouterNetwork.OURS;
import static io.penstock.netlink.RouterNetwork.THEIRS;
import static io.penstock.netlink.RouterNetwork.gateway6;
import static io.penstock.netlink.RouterNetwork.ip;
import static io.penstock.netlink.RouterNetwork.routeTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.OpenFds;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Member;
import io.penstock.netlink.NextHop.Resilience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Linux does with nexthop objects, where the router role counts on it or has to put up with it. */
@ExtendWith(OpenFds.class)
@Timeout(60)
class NextHopKernelFactsTest {
    private static final String VIP = "192.0.2.10";
    private static final String VIP6 = "2001:db8:ff::10";
    private static final int GROUP = 10;
    private static final int BUCKETS = 32;

    @Test
    void shouldForgetALegWithoutCarrierAndNotBringItBack() throws Throwable {
        RouterNetwork.run(network -> {
            putGroupOfTwo(network);

            network.pull(1);
            assertEquals(List.of(2, GROUP), ids(network));
            assertEquals(List.of(new Member(2, 1)), group(network).members());

            network.plug(1);
            assertEquals(List.of(2, GROUP), ids(network));
            assertEquals(List.of(new Member(2, 1)), group(network).members());
        });
    }

    @Test
    void shouldForgetALegWhoseLinkIsSetDown() throws Throwable {
        RouterNetwork.run(network -> {
            putGroupOfTwo(network);

            ip("link set v1 down");

            assertEquals(List.of(2, GROUP), ids(network));
        });
    }

    @Test
    void shouldForgetGroupAndRouteWithTheirLastLeg() throws Throwable {
        RouterNetwork.run(network -> {
            putGroupOfTwo(network);
            network.socket.request(Routes.put(routeTo(VIP, GROUP)));

            network.pull(1);
            assertEquals(1, network.routes(VIP).size());
            network.pull(2);

            assertEquals(List.of(), ids(network));
            assertEquals(List.of(), network.routes(VIP));
        });
    }

    @Test
    void shouldTellOnlyOfIpv6RoutesWhatALostCarrierTookAlong() throws Throwable {
        RouterNetwork.run(network -> {
            try (Events events = new Events(Subscription.open(new LinuxSyscalls()))) {
                putGroupOfTwo(network);
                network.socket.request(
                        NextHops.put(new NextHop(3, OURS, new NextHop.Leg(gateway6(1, 2), network.link(1)))));
                network.socket.request(Routes.put(routeTo(VIP, GROUP)));
                network.socket.request(Routes.put(routeTo(VIP6, 3)));
                events.forget();

                network.pull(1);
                network.pull(2);
                network.socket.request(NextHops.put(network.leg(4, 3, 2)));

                // What comes in order: had the others been told of, they would have been heard before it.
                events.await(event -> event instanceof KernelEvent.NextHopChanged changed
                        && changed.nextHop().id() == 4);
                assertEquals(List.of(4), ids(network));
                assertEquals(List.of(), network.routes(VIP));
                assertEquals(List.of(), network.routes(VIP6));
                List<String> told = new ArrayList<>();
                for (KernelEvent event : events.now()) {
                    if (event instanceof KernelEvent.NextHopRemoved removed) {
                        told.add("nexthop " + removed.nextHop().id());
                    } else if (event instanceof KernelEvent.RouteRemoved removed
                            && removed.route().protocol() == OURS) {
                        told.add(removed.route().destination().toString());
                    }
                }
                assertEquals(List.of(VIP6 + "/128"), told);
            }
        });
    }

    @Test
    void shouldForgetTheRoutesOfAGroupThatIsRemoved() throws Throwable {
        RouterNetwork.run(network -> {
            putGroupOfTwo(network);
            network.socket.request(Routes.put(routeTo(VIP, GROUP)));

            network.socket.request(NextHops.remove(GROUP));
            assertEquals(List.of(), network.routes(VIP));

            putGroupOfTwo(network);
            assertEquals(List.of(), network.routes(VIP), "a new group of this id has no routes");
        });
    }

    @Test
    void shouldKeepLegsWhenTheAddressThatConnectsThemGoes() throws Throwable {
        RouterNetwork.run(network -> {
            putGroupOfTwo(network);

            ip("addr del 10.0.1.1/24 dev v1");

            assertEquals(List.of(1, 2, GROUP), ids(network));
        });
    }

    @Test
    void shouldRefuseALegWithoutCarrier() throws Throwable {
        RouterNetwork.run(network -> {
            network.pull(1);
            assertRefused(network, network.leg(1, 1, 2), Errno.ENETDOWN, "Carrier for nexthop device is down");

            ip("link set v1 down");
            assertRefused(network, network.leg(1, 1, 2), Errno.ENETDOWN, "Nexthop device is not up");
        });
    }

    @Test
    void shouldMoveOnlyTheBucketsOfAMemberThatLeaves() throws Throwable {
        RouterNetwork.run(network -> {
            putLegs(network);
            network.socket.request(NextHops.put(group(1, 2, 3)));
            List<Integer> before = members(network);

            network.socket.request(NextHops.put(group(1, 3)));

            List<Integer> after = members(network);
            for (int i = 0; i < BUCKETS; i++) {
                if (before.get(i) != 2) {
                    assertEquals(before.get(i), after.get(i), "bucket " + i);
                }
            }
            assertTrue(before.contains(2) && !after.contains(2));
        });
    }

    @Test
    void shouldMoveOnlyTheBucketsOfALegThatIsLost() throws Throwable {
        RouterNetwork.run(network -> {
            putLegs(network);
            network.socket.request(NextHops.put(group(1, 2, 3)));
            List<Integer> before = members(network);

            network.pull(2);

            List<Integer> after = members(network);
            for (int i = 0; i < BUCKETS; i++) {
                if (before.get(i) != 2) {
                    assertEquals(before.get(i), after.get(i), "bucket " + i);
                }
            }
        });
    }

    @Test
    void shouldKeepTheTableWhenAGroupIsReplacedByItself() throws Throwable {
        RouterNetwork.run(network -> {
            putLegs(network);
            network.socket.request(NextHops.put(group(1, 2, 3)));
            network.socket.request(NextHops.put(group(1, 3)));
            List<Integer> before = members(network);

            network.socket.request(NextHops.put(group(1, 3)));

            assertEquals(before, members(network));
        });
    }

    @Test
    void shouldRefuseAnotherNumberOfBuckets() throws Throwable {
        RouterNetwork.run(network -> {
            putGroupOfTwo(network);

            assertRefused(
                    network, group(2 * BUCKETS, Duration.ofMinutes(1), 1, 2), Errno.EINVAL, "change number of buckets");
        });
    }

    @Test
    void shouldTakeOtherTimers() throws Throwable {
        RouterNetwork.run(network -> {
            putGroupOfTwo(network);

            network.socket.request(NextHops.put(group(BUCKETS, Duration.ofSeconds(7), 1, 2)));

            assertEquals(
                    Duration.ofSeconds(7),
                    group(network).resilience().orElseThrow().idleTimer());
        });
    }

    @Test
    void shouldRefuseToMakeAnotherKindOfIt() throws Throwable {
        RouterNetwork.run(network -> {
            putGroupOfTwo(network);
            Group byHash = new Group(List.of(new Member(1, 1)), Optional.empty());

            assertRefused(network, new NextHop(GROUP, OURS, byHash), Errno.EINVAL, "different type");
            assertRefused(network, network.leg(GROUP, 1, 2), Errno.EINVAL, "Can not replace a nexthop group");
            assertRefused(network, new NextHop(1, OURS, byHash), Errno.EINVAL, "Can not replace a nexthop with");
        });
    }

    /** So a group's protocol says who made it, not who changed it; a leg's says who changed it last. */
    @Test
    void shouldKeepTheProtocolOfAGroupThatAnotherReplaces() throws Throwable {
        RouterNetwork.run(network -> {
            putGroupOfTwo(network);

            network.socket.request(NextHops.put(new NextHop(GROUP, THEIRS, group(2).target())));
            network.socket.request(
                    NextHops.put(new NextHop(1, THEIRS, network.leg(1, 1, 9).target())));

            assertEquals(OURS, byId(network, GROUP).protocol());
            assertEquals(1, group(network).members().size());
            assertEquals(THEIRS, byId(network, 1).protocol());
        });
    }

    @Test
    void shouldRemoveWhateverHasTheId() throws Throwable {
        RouterNetwork.run(network -> {
            ip("nexthop add id 1 via 10.0.1.2 dev v1 proto 220");

            network.socket.request(NextHops.remove(1));

            assertEquals(List.of(), ids(network));
        });
    }

    @Test
    void shouldLeadRoutesToANewGatewayAtOnce() throws Throwable {
        RouterNetwork.run(network -> {
            putGroupOfTwo(network);
            network.socket.request(Routes.put(routeTo(VIP, GROUP)));

            network.socket.request(NextHops.put(network.leg(1, 3, 9)));

            assertEquals(
                    Optional.of(RouterNetwork.gateway(3, 9)),
                    network.routes(VIP).get(0).hops().get(0).gateway());
        });
    }

    private static void putLegs(RouterNetwork network) throws Exception {
        for (int i = 1; i <= RouterNetwork.LINKS; i++) {
            network.socket.request(NextHops.put(network.leg(i, i, 2)));
        }
    }

    private static void putGroupOfTwo(RouterNetwork network) throws Exception {
        network.socket.request(NextHops.put(network.leg(1, 1, 2)));
        network.socket.request(NextHops.put(network.leg(2, 2, 2)));
        network.socket.request(NextHops.put(group(1, 2)));
    }

    private static NextHop group(int... members) {
        return group(BUCKETS, Duration.ofMinutes(2), members);
    }

    private static NextHop group(int buckets, Duration idleTimer, int... members) {
        List<Member> all = new ArrayList<>();
        for (int member : members) {
            all.add(new Member(member, 1));
        }
        return new NextHop(GROUP, OURS, new Group(all, Optional.of(new Resilience(buckets, idleTimer, Duration.ZERO))));
    }

    private static void assertRefused(RouterNetwork network, NextHop nextHop, int errno, String words) {
        NetlinkException refusal =
                assertThrows(NetlinkException.class, () -> network.socket.request(NextHops.put(nextHop)));
        assertEquals(errno, refusal.errno(), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
    }

    private static List<Integer> ids(RouterNetwork network) throws Exception {
        return NextHops.list(network.socket).stream().map(NextHop::id).toList();
    }

    private static NextHop byId(RouterNetwork network, int id) throws Exception {
        return NextHops.list(network.socket).stream()
                .filter(nextHop -> nextHop.id() == id)
                .findFirst()
                .orElseThrow();
    }

    private static Group group(RouterNetwork network) throws Exception {
        return (Group) byId(network, GROUP).target();
    }

    /** Of the group's buckets, in order. */
    private static List<Integer> members(RouterNetwork network) throws Exception {
        return Buckets.list(network.socket, GROUP).stream()
                .map(Buckets.Bucket::nextHopId)
                .toList();
    }
}
