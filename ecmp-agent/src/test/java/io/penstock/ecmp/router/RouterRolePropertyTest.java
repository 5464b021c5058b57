package io.penstock.ecmp.router;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.ecmp.config.LegConfig;
import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.config.RouteConfig.WhenEmpty;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.NextHop.Resilience;
import io.penstock.netlink.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Links, checks, configurations, restarts and a neighbour who adds and deletes, in any order: after two steps the kernel is as it
 * should be, what is the neighbour's is as he left it, and at no moment does a route lead nowhere that need not.
 */
class RouterRolePropertyTest {
    private static final List<String> VIPS = List.of("192.0.2.1/32", "192.0.2.2/32", "2001:db8::1/128");
    private static final int FIRST_LINK = 2;
    private static final int LINKS = 3;

    @Property(tries = 400)
    void shouldConvergeAndTouchNothingElse(@ForAll long seed, @ForAll @IntRange(min = 1, max = 25) int events) {
        new Story(new Random(seed)).run(events);
    }

    /** One sequence of events. */
    private static final class Story {
        private final Random random;
        private final FakeKernel kernel = new FakeKernel();
        private final Router router;
        private final Set<Route> theirRoutes = new HashSet<>();
        private final Set<NextHop> theirNextHops = new HashSet<>();

        Story(Random random) {
            this.random = random;
            for (int i = 0; i < LINKS; i++) {
                kernel.addLink(FIRST_LINK + i, "eth" + i, "10.0." + i + ".1", 24);
                kernel.addLink(FIRST_LINK + LINKS + i, "six" + i, "2001:db8:" + i + "::1", 64);
            }
            router = new Router(kernel, configuration());
            decideAll();
        }

        void run(int events) {
            for (int i = 0; i < events; i++) {
                happen();
                if (random.nextInt(3) == 0) {
                    happen();
                }
                router.settle();
                router.assertAsDesired();
                assertTheirsUntouched();
            }
        }

        private void assertTheirsUntouched() {
            for (Route route : theirRoutes) {
                assertTrue(kernel.routes().contains(route), () -> "gone: " + route);
            }
            for (NextHop nextHop : theirNextHops) {
                assertTrue(kernel.nextHops().contains(nextHop), () -> "gone: " + nextHop);
            }
        }

        private void happen() {
            int event = random.nextInt(12);
            switch (event) {
                case 0, 1 -> setLink(FIRST_LINK + random.nextInt(2 * LINKS), random.nextInt(3));
                case 2 -> flap(FIRST_LINK + random.nextInt(2 * LINKS));
                case 3, 4, 5 -> setHealth();
                case 6 -> {
                    router.reconfigure(configuration());
                    decideAll();
                }
                case 7 -> router.restart();
                case 8 -> deleteOurRoute();
                case 9 -> deleteOurNextHop();
                case 10 -> addTheirRoute();
                default -> addTheirNextHop();
            }
            decideAll();
        }

        /** With objects of theirs, which go with a link as ours do. */
        private void setLink(int link, int state) {
            kernel.setLink(link, state != 0, state == 2);
            theirNextHops.retainAll(kernel.nextHops());
            theirRoutes.retainAll(kernel.routes());
        }

        private void flap(int link) {
            if (kernel.isUsable(link)) {
                setLink(link, 1);
                setLink(link, 2);
            }
        }

        private void setHealth() {
            for (int i = random.nextInt(3); i >= 0; i--) {
                router.set("r" + random.nextInt(VIPS.size()), "f" + random.nextInt(LINKS), random.nextBoolean());
            }
        }

        /** Every check has said something. */
        private void decideAll() {
            for (RouteView route : router.role().views()) {
                for (LegView leg : route.legs()) {
                    router.legUp.computeIfAbsent(
                            RouterRole.legKey(route.name(), leg.id()), key -> random.nextBoolean());
                }
            }
        }

        private void deleteOurRoute() {
            List<Route> ours = kernel.routes().stream()
                    .filter(route -> route.protocol() == FakeKernel.OURS)
                    .toList();
            if (!ours.isEmpty()) {
                kernel.remove(ours.get(random.nextInt(ours.size())));
            }
        }

        private void deleteOurNextHop() {
            List<NextHop> ours = kernel.nextHops().stream()
                    .filter(nextHop -> nextHop.protocol() == FakeKernel.OURS)
                    .toList();
            if (!ours.isEmpty()) {
                kernel.removeNextHop(ours.get(random.nextInt(ours.size())).id());
                theirRoutes.retainAll(kernel.routes());
                theirNextHops.retainAll(kernel.nextHops());
            }
        }

        /** To a destination of ours or another, before or behind; or it goes again. */
        private void addTheirRoute() {
            if (!theirRoutes.isEmpty() && random.nextBoolean()) {
                Route gone = theirRoutes.iterator().next();
                theirRoutes.remove(gone);
                kernel.remove(gone);
                return;
            }
            String prefix = random.nextInt(3) == 0 ? VIPS.get(random.nextInt(VIPS.size())) : "198.51.100.0/24";
            List<NextHop> groups = kernel.nextHops().stream()
                    .filter(nextHop -> nextHop.target() instanceof NextHop.Group)
                    .toList();
            boolean viaGroup = !groups.isEmpty() && random.nextInt(4) == 0;
            Route route = new Route(
                    Sample.prefix(prefix),
                    Route.MAIN_TABLE,
                    FakeKernel.THEIRS,
                    Route.SCOPE_UNIVERSE,
                    viaGroup ? Route.Type.UNICAST : Route.Type.PROHIBIT,
                    random.nextInt(2) * 1024L,
                    viaGroup ? groups.get(random.nextInt(groups.size())).id() : 0,
                    List.of());
            if (kernel.routes().stream()
                    .noneMatch(other ->
                            RouteKey.of(other).equals(RouteKey.of(route)) && other.protocol() == FakeKernel.THEIRS)) {
                theirRoutes.add(route);
                if (random.nextBoolean()) {
                    kernel.append(route);
                } else {
                    kernel.prepend(route);
                }
            }
        }

        private void addTheirNextHop() {
            int id = Sample.FIRST_ID + random.nextInt(20);
            int link = FIRST_LINK + random.nextInt(LINKS);
            if (kernel.isUsable(link) && kernel.nextHops().stream().noneMatch(nextHop -> nextHop.id() == id)) {
                NextHop theirs = new NextHop(
                        id,
                        FakeKernel.THEIRS,
                        new NextHop.Leg(Sample.address("10.0." + (link - FIRST_LINK) + ".2"), link));
                theirNextHops.add(theirs);
                kernel.add(theirs);
            }
        }

        private RouteConfig[] configuration() {
            List<RouteConfig> routes = new ArrayList<>();
            for (int i = 0; i < VIPS.size(); i++) {
                if (random.nextInt(5) == 0) {
                    continue;
                }
                String prefix = VIPS.get(i);
                String network = prefix.indexOf(':') < 0 ? "10.0.%d.2" : "2001:db8:%d::2";
                List<LegConfig> legs = new ArrayList<>();
                for (int leg = 0; leg < LINKS; leg++) {
                    if (legs.isEmpty() || random.nextInt(4) != 0) {
                        legs.add(Sample.leg("f" + leg, network.formatted(leg), 1 + random.nextInt(3)));
                    }
                }
                WhenEmpty whenEmpty = List.of(WhenEmpty.values()).get(random.nextInt(3));
                RouteConfig route = Sample.legacy("r" + i, prefix, whenEmpty, legs.toArray(LegConfig[]::new));
                Resilience resilience = new Resilience(
                        random.nextBoolean() ? 64 : 128, Duration.ofSeconds(1 + random.nextInt(2)), Duration.ZERO);
                routes.add(random.nextInt(3) == 0 ? route : Sample.with(route, resilience));
            }
            return routes.toArray(RouteConfig[]::new);
        }
    }
}
