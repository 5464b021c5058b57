package io.penstock.vrrp.control;

import static io.penstock.vrrp.control.Samples.router;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.netlink.KernelEvent.LinkChanged;
import io.penstock.vrrp.address.VipEvent;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.event.VrrpEvent;
import io.penstock.vrrp.operate.RouterStatus;
import io.penstock.vrrp.protocol.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Routers of a group, and one of none, through whatever may happen to them. */
class GroupPropertyTest {
    private static final Set<String> ALL = Set.of("web", "dns", "ntp", "alone");
    private static final List<VipEvent.Kind> TROUBLES =
            List.of(VipEvent.Kind.LAPSED, VipEvent.Kind.REFUSED, VipEvent.Kind.REMOVED);
    private static final int STEPS = 60;

    private static VrrpConfig config(boolean grouped, boolean two, boolean stepDown) {
        Map<String, List<String>> groups =
                grouped ? Map.of("all", two ? List.of("web", "dns") : List.of("web", "dns", "ntp")) : Map.of();
        Samples web = router("web");
        web.stepDownWhenLate = stepDown;
        return Samples.of(groups, web, router("dns", 53), router("ntp", 54), router("alone", 55));
    }

    @Property(tries = 150)
    void shouldHaveVipsExactlyWhileActiveAndBeActiveInTheEnd(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        try (Rig rig = Rig.started(config(true, false, true))) {
            for (int i = 0; i < STEPS; i++) {
                happen(rig, random);
                assertConsistent(rig);
            }
            rig.keeper.next = List.of();
            rig.wire.mute.clear();
            rig.news.tell(new LinkChanged(FakeNews.link(2, "eth0", true, true)));
            rig.order(() -> rig.controller.reconfigure(config(true, false, true)));
            rig.pass(Duration.ofSeconds(2));
            assertConsistent(rig);
            assertEquals(ALL, rig.keeper.held, "nobody else is there");
        }
    }

    private static void happen(Rig rig, Random random) throws Exception {
        int vrid = List.of(51, 53, 54, 55).get(random.nextInt(4));
        switch (random.nextInt(8)) {
            case 0 -> rig.wire.mute.add(vrid);
            case 1 -> rig.wire.mute.remove(vrid);
            case 2 -> rig.freeze(Duration.ofMillis(random.nextInt(600)));
            case 3 -> hear(rig, vrid, List.of(0, 50, 200).get(random.nextInt(3)));
            case 4 -> {
                VrrpConfig next = config(random.nextInt(4) > 0, random.nextBoolean(), random.nextBoolean());
                rig.order(() -> rig.controller.reconfigure(next));
            }
            case 5 -> rig.news.tell(new LinkChanged(FakeNews.link(2, "eth0", true, random.nextInt(4) > 0)));
            case 6 -> rig.keeper.happens("web", TROUBLES.get(random.nextInt(TROUBLES.size())), "of its VIP");
            default -> rig.pass(Duration.ofMillis(random.nextInt(500)));
        }
        rig.turn();
        rig.turn();
    }

    private static void hear(Rig rig, int vrid, int priority) {
        if (!rig.wire.opened.get(rig.wire.opened.size() - 1).closed) {
            rig.hear(vrid, priority);
        }
    }

    private static void assertConsistent(Rig rig) {
        Map<String, String> told = new TreeMap<>();
        rig.events.stream()
                .filter(event -> event.kind() == VrrpEvent.Kind.TRANSITION)
                .forEach(event -> told.put(event.subject(), event.details().get("to")));
        Set<String> active = new TreeSet<>();
        for (RouterStatus router : rig.controller.status().routers()) {
            String name = router.view().name();
            assertEquals(router.view().state().label(), told.get(name), name);
            if (router.view().state() == State.ACTIVE) {
                active.add(name);
            }
        }
        assertEquals(active, rig.keeper.held);
        rig.controller.status().groups().forEach(group -> {
            long ofGroup = group.routers().stream().filter(active::contains).count();
            assertEquals(group.state() == State.ACTIVE ? group.routers().size() : 0, ofGroup, group.name());
        });
    }
}
