package io.penstock.ecmp.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.ecmp.config.LegConfig;
import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.config.RouteConfig.WhenEmpty;
import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.NextHop.Member;
import io.penstock.netlink.NextHop.Resilience;
import io.penstock.netlink.Route;
import io.penstock.netlink.RouteHop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RouterRoleTest {
    private static final int ETH1 = 2;
    private static final int ETH2 = 3;
    private static final int ETH3 = 4;
    private static final LegConfig F1 = Sample.leg("f1", "10.0.1.2", 1);
    private static final LegConfig F2 = Sample.leg("f2", "10.0.2.2", 2);
    private static final LegConfig F3 = Sample.leg("f3", "10.0.3.2", 1);
    private static final RouteConfig WEB = Sample.resilient("web", "192.0.2.10/32", WhenEmpty.UNREACHABLE, F1, F2, F3);
    private static final RouteConfig OLD = Sample.legacy("old", "192.0.2.20/32", WhenEmpty.UNREACHABLE, F1, F2, F3);

    private final FakeKernel kernel = new FakeKernel();

    @BeforeEach
    void connect() {
        kernel.addLink(ETH1, "eth1", "10.0.1.1", 24);
        kernel.addLink(ETH2, "eth2", "10.0.2.1", 24);
        kernel.addLink(ETH3, "eth3", "10.0.3.1", 24);
        kernel.addLink(ETH3 + 1, "eth4", "2001:db8:1::1", 64);
    }

    private Router router(RouteConfig... routes) {
        Router router = new Router(kernel, routes);
        router.allUp(true);
        return router;
    }

    private Router settled(RouteConfig... routes) {
        Router router = router(routes);
        router.settle();
        router.assertAsDesired();
        return router;
    }

    @Test
    void shouldPutWhatIsNeededBeforeWhatNeedsIt() {
        Router router = router(WEB);
        assertEquals(
                List.of("PutNextHop Leg", "PutNextHop Leg", "PutNextHop Leg", "PutNextHop Group", "PutRoute"),
                Router.words(router.step()));
        assertEquals(List.of(), router.step());
        router.assertAsDesired();
        assertEquals(RouteState.ROUTED, router.view(WEB).state());
        assertEquals("3 of 3 legs", router.view(WEB).reason());
        assertEquals(
                router.ours(WEB).orElseThrow().nextHopId(), router.view(WEB).group());
    }

    @Test
    void shouldShareLegsBetweenRoutesButNoGroups() {
        RouteConfig mail = Sample.resilient("mail", "192.0.2.25/32", WhenEmpty.UNREACHABLE, F3, F2);
        settled(WEB, mail);
        assertEquals(5, kernel.nextHops().size());
    }

    @Test
    void shouldPutOneRouteForALegacyOne() {
        Router router = router(OLD);
        assertEquals(List.of("PutRoute"), Router.words(router.step()));
        router.settle();
        router.assertAsDesired();
        assertFalse(router.view(OLD).resilient());
    }

    /** Only the buckets of the leg that goes move then. */
    @Test
    void shouldReplaceTheGroupInPlaceWhenALegFailsAndReturns() {
        Router router = settled(WEB);
        int group = router.ours(WEB).orElseThrow().nextHopId();
        int generation = kernel.generation(group);
        router.set("web", "f2", false);
        assertEquals(List.of("PutNextHop Group", "RemoveNextHop Leg"), Router.words(router.step()));
        router.settle();
        router.assertAsDesired();
        assertEquals(LegState.UNHEALTHY, router.view(WEB, "f2").state());
        assertFalse(router.view(WEB, "f2").used());
        router.set("web", "f2", true);
        assertEquals(List.of("PutNextHop Leg", "PutNextHop Group"), Router.words(router.step()));
        router.settle();
        router.assertAsDesired();
        assertEquals(group, router.ours(WEB).orElseThrow().nextHopId());
        assertEquals(generation, kernel.generation(group));
    }

    @Test
    void shouldRepairWhatALinkTookAlong() {
        Router router = settled(WEB);
        int group = router.ours(WEB).orElseThrow().nextHopId();
        kernel.setCarrier(ETH1, false);
        router.settle();
        router.assertAsDesired();
        assertEquals("eth1 has no carrier", router.view(WEB, "f1").reason());
        assertEquals(LegState.NO_LINK, router.view(WEB, "f1").state());
        kernel.setLink(ETH1, false, false);
        router.settle();
        assertEquals("eth1 is down", router.view(WEB, "f1").reason());
        kernel.setCarrier(ETH1, true);
        router.settle();
        router.assertAsDesired();
        assertEquals(1, kernel.generation(group) - 3);
    }

    /** Down and up again before anyone has looked: the objects are gone though the link is there. */
    @Test
    void shouldRepairAfterAFlapThatWasNotSeen() {
        Router router = settled(WEB, OLD);
        for (int link : List.of(ETH1, ETH2, ETH3)) {
            kernel.setCarrier(link, false);
        }
        assertEquals(Optional.empty(), router.ours(WEB));
        for (int link : List.of(ETH1, ETH2, ETH3)) {
            kernel.setCarrier(link, true);
        }
        router.settle();
        router.assertAsDesired();
    }

    @ParameterizedTest
    @EnumSource(WhenEmpty.class)
    void shouldBeAsConfiguredWhenNoLegIsUsable(WhenEmpty whenEmpty) {
        RouteConfig web = Sample.resilient("web", "192.0.2.10/32", whenEmpty, F1, F2);
        RouteConfig old = Sample.legacy("old", "192.0.2.20/32", whenEmpty, F1, F2);
        RouteConfig six = Sample.resilient("six", "2001:db8::10/128", whenEmpty, Sample.leg("f1", "2001:db8:1::2", 1));
        Router router = settled(web, old, six);
        router.allUp(false);
        router.settle();
        router.assertAsDesired();
        RouteState expected =
                switch (whenEmpty) {
                    case UNREACHABLE -> RouteState.UNREACHABLE;
                    case WITHDRAW -> RouteState.EMPTY;
                    case KEEP -> RouteState.KEPT;
                };
        for (RouteConfig route : List.of(web, old, six)) {
            assertEquals(expected, router.view(route).state());
        }
        kernel.setCarrier(ETH1, false);
        kernel.setCarrier(ETH2, false);
        router.settle();
        router.assertAsDesired();
        kernel.setCarrier(ETH1, true);
        kernel.setCarrier(ETH2, true);
        router.allUp(true);
        router.settle();
        router.assertAsDesired();
    }

    @Test
    void shouldLeaveEverythingAsItIsUntilThereIsAVerdict() {
        Router router = new Router(kernel, WEB);
        assertEquals(List.of(), router.step());
        assertEquals(RouteState.UNDECIDED, router.view(WEB).state());
        assertEquals(LegState.UNKNOWN, router.view(WEB, "f1").state());
        router.set("web", "f2", true);
        router.settle();
        assertEquals(
                Set.of(new RouteHop(F2.via(), ETH2, 2)),
                kernel.legs(router.ours(WEB).orElseThrow()));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldTakeOverWhatAFormerRunLeft(boolean resilient) {
        RouteConfig route = resilient ? WEB : OLD;
        Router router = settled(route);
        router.set(route.name(), "f3", false);
        router.settle();
        List<NextHop> nextHops = kernel.nextHops();
        List<Route> routes = kernel.routes();
        router.restart();
        router.legUp.clear();
        assertEquals(List.of(), router.step());
        assertTrue(router.view(route, "f1").used());
        assertFalse(router.view(route, "f3").used());
        router.set(route.name(), "f1", true);
        router.set(route.name(), "f2", true);
        router.set(route.name(), "f3", false);
        assertEquals(List.of(), router.step());
        assertEquals(nextHops, kernel.nextHops());
        assertEquals(routes, kernel.routes());
        router.set(route.name(), "f3", true);
        router.settle();
        router.assertAsDesired();
    }

    /** The former run had other numbers, and died between the group and the route. */
    @Test
    void shouldTakeOverByContentNotByNumber() {
        kernel.add(new NextHop(7, FakeKernel.OURS, new NextHop.Leg(F2.via(), ETH2)));
        kernel.add(new NextHop(8, FakeKernel.OURS, new NextHop.Leg(F1.via(), ETH1)));
        kernel.add(new NextHop(
                9,
                FakeKernel.OURS,
                new NextHop.Group(List.of(new Member(7, 2), new Member(8, 1)), Optional.of(Sample.RESILIENT))));
        Router router = router(Sample.resilient("web", "192.0.2.10/32", WhenEmpty.UNREACHABLE, F1, F2));
        assertEquals(List.of("PutRoute"), Router.words(router.step()));
        router.settle();
        router.assertAsDesired();
        assertEquals(3, kernel.nextHops().size());
    }

    /** Whoever made the second one with our number: the group goes on with the one that it has. */
    @Test
    void shouldTakeOfTwoObjectsForOneLegThatOfTheGroup() {
        Router router = settled(WEB);
        kernel.add(new NextHop(1, FakeKernel.OURS, new NextHop.Leg(F1.via(), ETH1)));
        assertEquals(List.of("RemoveNextHop Leg"), Router.words(router.step()));
        router.assertAsDesired();
    }

    @Test
    void shouldNotTakeANumberThatSomeoneHas() {
        NextHop theirs = new NextHop(Sample.FIRST_ID + 1, FakeKernel.THEIRS, new NextHop.Leg(F1.via(), ETH1));
        kernel.add(theirs);
        settled(WEB);
        assertTrue(kernel.nextHops().contains(theirs));
        assertEquals(5, kernel.nextHops().size());
    }

    @Test
    void shouldChangeTimersInPlaceAndBucketsByANewGroup() {
        Router router = settled(WEB);
        int group = router.ours(WEB).orElseThrow().nextHopId();
        int generation = kernel.generation(group);
        router.reconfigure(Sample.with(WEB, new Resilience(64, Duration.ofSeconds(5), Duration.ofMinutes(1))));
        assertEquals(List.of("PutNextHop Group"), Router.words(router.step()));
        assertEquals(generation, kernel.generation(group));
        router.settle();
        router.reconfigure(Sample.with(WEB, new Resilience(128, Duration.ofSeconds(5), Duration.ofMinutes(1))));
        assertEquals(List.of("PutNextHop Group", "PutRoute", "RemoveNextHop Group"), Router.words(router.step()));
        assertNotEquals(group, router.ours(WEB).orElseThrow().nextHopId());
        router.settle();
        router.assertAsDesired();
    }

    /** The kernel counts in hundredths of a second: what it gives back is a little less than what was asked for. */
    @Test
    void shouldNotReplaceAGroupForWhatTheKernelCannotCount() {
        Router router = settled(Sample.with(WEB, new Resilience(64, Duration.ofMillis(1234), Duration.ZERO)));
        NextHop group = kernel.nextHops().stream()
                .filter(nextHop -> nextHop.target() instanceof NextHop.Group)
                .findFirst()
                .orElseThrow();
        List<Member> members = ((NextHop.Group) group.target()).members();
        Resilience counted = new Resilience(64, Duration.ofMillis(1230), Duration.ZERO);
        kernel.add(new NextHop(group.id(), FakeKernel.OURS, new NextHop.Group(members, Optional.of(counted))));
        assertEquals(List.of(), router.step());
    }

    @Test
    void shouldMoveBetweenResilientAndLegacyWithoutAGap() {
        Router router = settled(WEB);
        RouteConfig legacy = Sample.legacy("web", "192.0.2.10/32", WhenEmpty.UNREACHABLE, F1, F2, F3);
        router.reconfigure(legacy);
        router.settle();
        router.assertAsDesired();
        router.reconfigure(WEB);
        router.settle();
        router.assertAsDesired();
    }

    @Test
    void shouldRemoveARouteThatIsNotConfiguredAnyMoreAndLeaveTheOthers() {
        RouteConfig mail = Sample.resilient("mail", "192.0.2.25/32", WhenEmpty.UNREACHABLE, F1, F2, F3);
        Router router = settled(WEB, mail);
        router.reconfigure(WEB);
        assertEquals(List.of("RemoveRoute", "RemoveNextHop Group"), Router.words(router.step()));
        router.settle();
        router.assertAsDesired();
        assertEquals(Set.of(Route.MAIN_TABLE), router.role().tables());
    }

    @Test
    void shouldNotTouchARouteThatSomeoneElseHasHad() {
        Route theirs = theirs(WEB.prefix().toString(), 0);
        kernel.append(theirs);
        Router router = router(WEB);
        assertEquals(List.of(), router.step());
        RouteView view = router.view(WEB);
        assertEquals(RouteState.CONFLICT, view.state());
        assertEquals(
                "192.0.2.10/32 with metric 0 in table 254 is also a route of protocol 4, which is not ours",
                view.reason());
        kernel.remove(theirs);
        router.settle();
        router.assertAsDesired();
    }

    /** Someone else's routes beside ours: groups still follow the legs, but no route is put that might replace theirs. */
    @Test
    void shouldNotTouchARouteThatSomeoneElseAddsLater() {
        Router router = settled(WEB, OLD);
        Route before = theirs(WEB.prefix().toString(), 0);
        Route behind = theirs(OLD.prefix().toString(), 0);
        kernel.prepend(before);
        kernel.append(behind);
        router.settle();
        assertTrue(router.ours(WEB).isPresent());
        assertTrue(router.ours(OLD).isPresent());
        router.set("web", "f1", false);
        router.set("old", "f1", false);
        router.settle();
        assertEquals(2, kernel.legs(router.ours(WEB).orElseThrow()).size());
        assertEquals(Optional.empty(), router.ours(OLD));
        assertTrue(kernel.routes().containsAll(List.of(before, behind)));
        assertEquals(RouteState.CONFLICT, router.view(WEB).state());
        kernel.remove(before);
        kernel.remove(behind);
        router.settle();
        router.assertAsDesired();
    }

    @Test
    void shouldNotMindSomeoneElsesRouteOfAnotherMetricOrTable() {
        kernel.append(theirs(WEB.prefix().toString(), 10));
        Router router = settled(WEB);
        assertEquals(RouteState.ROUTED, router.view(WEB).state());
    }

    @Test
    void shouldReadAMetricOf0AsIpv6Does() {
        LegConfig leg = Sample.leg("f1", "2001:db8:1::2", 1);
        RouteConfig six = Sample.legacy("six", "2001:db8::10/128", WhenEmpty.UNREACHABLE, leg);
        kernel.append(theirs("2001:db8::10/128", 1024));
        Router router = router(six);
        assertEquals(List.of(), router.step());
        assertEquals(RouteState.CONFLICT, router.view(six).state());
    }

    private static Route theirs(String prefix, long metric) {
        return new Route(
                Sample.prefix(prefix),
                Route.MAIN_TABLE,
                FakeKernel.THEIRS,
                Route.SCOPE_UNIVERSE,
                Route.Type.UNICAST,
                metric,
                0,
                List.of(new RouteHop(Sample.address("10.0.3.9"), ETH3, 1)));
    }

    @Test
    void shouldKeepObjectsThatSomeoneElsesRoutesNeed() {
        Router router = settled(WEB);
        int group = router.ours(WEB).orElseThrow().nextHopId();
        Route theirs = new Route(
                Sample.prefix("198.51.100.0/24"),
                Route.MAIN_TABLE,
                FakeKernel.THEIRS,
                Route.SCOPE_UNIVERSE,
                Route.Type.UNICAST,
                0,
                group,
                List.of());
        kernel.append(theirs);
        RouterRole.withdrawAll(kernel.observe(), FakeKernel.OURS).forEach(kernel::apply);
        assertEquals(List.of(theirs), kernel.routes());
        assertEquals(4, kernel.nextHops().size());
    }

    @Test
    void shouldKeepALegThatSomeoneElsesGroupHas() {
        Router router = settled(WEB);
        int f1 = router.idOf(F1.via());
        NextHop theirs =
                new NextHop(5, FakeKernel.THEIRS, new NextHop.Group(List.of(new Member(f1, 1)), Optional.empty()));
        kernel.add(theirs);
        router.set("web", "f1", false);
        router.settle();
        router.assertAsDesired();
        assertTrue(kernel.nextHops().contains(theirs));
        assertEquals(f1, router.idOf(F1.via()));
    }

    /** A group that is just what a new route needs, but that another route has. */
    @Test
    void shouldNotTakeTheGroupOfAnotherRoute() {
        Router router = settled(WEB);
        int group = router.ours(WEB).orElseThrow().nextHopId();
        RouteConfig first = Sample.resilient("first", "192.0.2.1/32", WhenEmpty.UNREACHABLE, F1, F2, F3);
        router.reconfigure(first, WEB);
        router.allUp(true);
        router.settle();
        router.assertAsDesired();
        assertEquals(group, router.ours(WEB).orElseThrow().nextHopId());
    }

    @Test
    void shouldLeaveNothingWhenAllIsWithdrawn() {
        settled(WEB, OLD);
        NextHop theirs = new NextHop(5, FakeKernel.THEIRS, new NextHop.Leg(F1.via(), ETH1));
        kernel.add(theirs);
        List<KernelChange> changes = RouterRole.withdrawAll(kernel.observe(), FakeKernel.OURS);
        changes.forEach(change -> assertEquals(Optional.empty(), kernel.apply(change)));
        assertEquals(List.of(), kernel.routes());
        assertEquals(List.of(theirs), kernel.nextHops());
    }

    @Test
    void shouldWithdrawAndResumeOneRoute() {
        Router router = settled(WEB, OLD);
        assertTrue(router.role().withdraw("web"));
        assertFalse(router.role().withdraw("nothing"));
        router.settle();
        assertEquals(Optional.empty(), router.ours(WEB));
        assertTrue(router.ours(OLD).isPresent());
        assertEquals(RouteState.WITHDRAWN, router.view(WEB).state());
        router.reconfigure(WEB, OLD);
        router.settle();
        assertEquals(Optional.empty(), router.ours(WEB));
        assertTrue(router.role().resume("web"));
        router.settle();
        router.assertAsDesired();
    }

    /** One leg that the kernel does not take must not keep the others from their group. */
    @Test
    void shouldLeaveOutALegThatTheKernelRefusesAndTryItAgain() {
        kernel.refuse(F2.via(), true);
        Router router = router(WEB);
        router.step();
        assertEquals(router.nowNs, router.wakeAtNs);
        router.step();
        assertEquals(2, kernel.legs(router.ours(WEB).orElseThrow()).size());
        assertEquals(LegState.REFUSED, router.view(WEB, "f2").state());
        assertEquals("Nexthop has invalid gateway", router.view(WEB, "f2").reason());
        long second = Duration.ofSeconds(1).toNanos();
        for (long delay : List.of(second, 2 * second, 4 * second)) {
            assertEquals(router.nowNs + delay, router.wakeAtNs);
            router.nowNs = router.wakeAtNs;
            assertEquals(List.of("PutNextHop Leg"), Router.words(router.step()));
        }
        kernel.refuse(F2.via(), false);
        assertEquals(List.of(), router.step());
        router.nowNs += 8 * second;
        assertEquals(List.of("PutNextHop Leg"), Router.words(router.step()));
        assertEquals(router.nowNs, router.wakeAtNs);
        router.settle();
        router.assertAsDesired();
        assertEquals(Long.MAX_VALUE, router.wakeAtNs);
    }

    /** Its link came and went and came while the step was made: nothing is wrong with it. */
    @Test
    void shouldTryALegAgainAtOnceWhenItIsRefusedForTheFirstTime() {
        kernel.refuse(F2.via(), true);
        Router router = router(WEB);
        router.step();
        kernel.refuse(F2.via(), false);
        router.step();
        assertEquals(router.nowNs, router.wakeAtNs);
        router.settle();
        router.assertAsDesired();
    }

    @Test
    void shouldTryARefusedLegAtOnceWhenItsLinkReturns() {
        kernel.refuse(F2.via(), true);
        Router router = router(WEB);
        router.step();
        router.step();
        kernel.setCarrier(ETH2, false);
        kernel.refuse(F2.via(), false);
        router.settle();
        kernel.setCarrier(ETH2, true);
        router.settle();
        router.assertAsDesired();
    }

    @Test
    void shouldSayWhatTheKernelSaidOfARoute() {
        kernel.refuse(F2.via(), true);
        Router router = router(OLD);
        router.step();
        assertEquals(router.nowNs + Duration.ofSeconds(1).toNanos(), router.wakeAtNs);
        router.step();
        assertEquals(RouteState.REFUSED, router.view(OLD).state());
        assertEquals("Nexthop has invalid gateway", router.view(OLD).reason());
        kernel.refuse(F2.via(), false);
        router.settle();
        router.step();
        assertEquals(RouteState.ROUTED, router.view(OLD).state());
        router.assertAsDesired();
    }

    @Test
    void shouldSayWhyALegHasNoLink() {
        LegConfig nowhere = Sample.unchecked("f8", "10.9.9.9");
        LegConfig named = new LegConfig("f9", Sample.address("10.0.1.9"), Optional.of("eth9"), 1, Optional.empty());
        RouteConfig web = Sample.resilient("web", "192.0.2.10/32", WhenEmpty.UNREACHABLE, F1, nowhere, named);
        Router router = settled(web);
        assertEquals(
                "no interface has a network with 10.9.9.9",
                router.view(web, "f8").reason());
        assertEquals("there is no interface eth9", router.view(web, "f9").reason());
        assertEquals("1 of 3 legs", router.view(web).reason());
    }

    @Test
    void shouldFindTheInterfaceOfTheMostSpecificNetwork() {
        kernel.addLink(9, "wide", "10.0.0.1", 8);
        kernel.addLink(10, "narrow", "10.0.1.129", 25);
        LegConfig leg = Sample.unchecked("f1", "10.0.1.200");
        RouteConfig web = Sample.resilient("web", "192.0.2.10/32", WhenEmpty.UNREACHABLE, leg);
        Router router = settled(web);
        assertEquals("narrow", router.view(web, "f1").interfaceName());
    }

    @Test
    void shouldTellEachChangeOfStateOnce() {
        Router router = settled(WEB);
        router.transitions.clear();
        router.nowNs = 5;
        router.set("web", "f1", false);
        router.settle();
        router.settle();
        assertEquals(
                List.of(new RouterStep.Transition("web/f1", "up", "unhealthy", "its checks fail")), router.transitions);
        assertEquals(5, router.view(WEB, "f1").sinceNs());
        assertEquals(0, router.view(WEB).sinceNs());
        router.allUp(false);
        router.settle();
        assertEquals(
                new RouterStep.Transition("web", "routed", "unreachable", "no leg is usable"),
                router.transitions.get(router.transitions.size() - 1));
    }

    @Test
    void shouldKeepWhatIsKnownOfLegsThatAreStillTheSame() {
        Router router = settled(WEB);
        router.nowNs = 7;
        router.transitions.clear();
        router.reconfigure(
                Sample.resilient("web", "192.0.2.10/32", WhenEmpty.KEEP, F1, Sample.leg("f2", "10.0.2.2", 5), F3));
        router.settle();
        router.assertAsDesired();
        assertEquals(0, router.view(WEB, "f1").sinceNs());
        assertEquals(7, router.view(WEB, "f2").sinceNs());
    }

    @Test
    void shouldHaveNothingToDoForAThousandRoutesThatAreThere() {
        RouteConfig[] routes = IntStream.range(0, 1_000)
                .mapToObj(i -> Sample.resilient(
                        "r" + i, "198.18." + i / 250 + "." + i % 250 + "/32", WhenEmpty.UNREACHABLE, F1, F2, F3))
                .toArray(RouteConfig[]::new);
        Router router = new Router(kernel, routes);
        router.allUp(true);
        RouterStep step = router.role().step(kernel.observe(), router.legUp, 0);
        step.changes().forEach(kernel::apply);
        assertEquals(2_003, step.changes().size());
        assertEquals(
                List.of(), router.role().step(kernel.observe(), router.legUp, 0).changes());
    }
}
