package io.penstock.vrrp.control;

import static io.penstock.vrrp.control.Samples.router;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.event.VrrpEvent;
import io.penstock.vrrp.operate.RouterCounter;
import io.penstock.vrrp.protocol.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Another configuration for routers that run. */
@Timeout(60)
class ConfigurationTest {
    private static final String RESIGNS = "send 51 priority 0 from 192.0.2.1 to group";

    private Rig rig;

    @AfterEach
    void close() {
        rig.close();
    }

    private void apply(VrrpConfig config) throws Exception {
        rig.log.clear();
        rig.order(() -> rig.controller.reconfigure(config));
    }

    @Test
    void shouldNotTouchWhatStaysAsItWas() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        long sinceNs = rig.router("web").view().sinceNs();
        apply(Samples.of(router("dns", 53), router("web")));
        assertEquals(List.of(), rig.log);
        assertEquals(sinceNs, rig.router("web").view().sinceNs());
        assertEquals(
                List.of("dns", "web"),
                rig.controller.status().routers().stream()
                        .map(router -> router.config().name())
                        .toList());
        rig.pass(Duration.ofMillis(400));
        assertEquals(State.ACTIVE, rig.state("dns"));
        assertEquals(1, rig.wire.opened.size(), "one socket for both");
    }

    @Test
    void shouldResignForWhatIsNotThereAnyMore() throws Exception {
        rig = Rig.active(Samples.of(router("web"), router("dns", 53)));
        apply(Samples.of(router("dns", 53)));
        assertEquals(List.of(RESIGNS, "release web"), rig.log);
        assertEquals(Optional.empty(), rig.controller.status().router("web"));
        assertEquals(State.ACTIVE, rig.state("dns"));

        apply(Samples.of());
        assertTrue(rig.wire.opened.get(0).closed);
    }

    @Test
    void shouldStayActiveWithOtherPriorityAndInterval() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        Samples faster = router("web").priority(150);
        faster.interval = Duration.ofMillis(50);
        apply(Samples.of(faster));
        assertEquals(State.ACTIVE, rig.state("web"));
        assertFalse(rig.log.contains("release web"));
        rig.log.clear();
        rig.pass(Duration.ofMillis(500));
        assertEquals(
                10,
                rig.log.stream()
                        .filter("send 51 priority 150 from 192.0.2.1 to group"::equals)
                        .count());
    }

    @Test
    void shouldHoldOtherVipsAtOnce() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        Samples more = router("web");
        more.vips = List.of("192.0.2.10", "192.0.2.11");
        apply(Samples.of(more));
        assertTrue(rig.log.contains("hold web"));
        assertFalse(rig.log.contains("release web"));
        assertEquals(2, rig.router("web").vips().size());
    }

    @Test
    void shouldStopAndStartWhatIsAnotherRouterToOthers() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        Samples other = router("web");
        other.vrid = 52;
        apply(Samples.of(other));
        assertEquals(List.of(RESIGNS, "release web"), rig.log);
        assertEquals(State.BACKUP, rig.state("web"));
        rig.hear(51, 200);
        rig.hear(52, 200);
        assertEquals(1, rig.count("web", RouterCounter.RECEIVED));
        assertEquals(1, rig.controller.status().unknownVrids());
    }

    @Test
    void shouldActivateRouterThatComesToActiveGroup() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        apply(Samples.of(Map.of("all", List.of("web", "dns")), router("web"), router("dns", 53)));
        assertEquals(State.ACTIVE, rig.state("dns"));
        assertEquals(State.ACTIVE, rig.controller.status().groups().get(0).state());
    }

    /** Or whoever comes later, and each hook after a reload, would be told for ever that it is what it was. */
    @Test
    void shouldTellOfGroupsThatComeAndGo() throws Exception {
        rig = Rig.active(Samples.of(router("web"), router("dns", 53)));
        apply(Samples.of(Map.of("all", List.of("web", "dns")), router("web"), router("dns", 53)));
        assertEquals(List.of("initialize -> active"), groupEvents());
        apply(Samples.of(Map.of("both", List.of("web", "dns")), router("web"), router("dns", 53)));
        assertEquals(List.of("initialize -> active", "initialize -> active", "active -> initialize"), groupEvents());
    }

    private List<String> groupEvents() {
        return rig.events.stream()
                .filter(event -> event.kind() == VrrpEvent.Kind.GROUP)
                .map(VrrpEvent::text)
                .toList();
    }

    @Test
    void shouldApplyItWhenKernelAnswersAgain() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        rig.keeper.silent = true;
        apply(Samples.of(router("web"), router("dns", 53)));
        assertEquals(
                Optional.of("no answer of the kernel"), rig.controller.status().trouble());

        rig.keeper.silent = false;
        rig.pass(Duration.ofSeconds(1));
        assertEquals(Optional.empty(), rig.controller.status().trouble());
        assertEquals(State.BACKUP, rig.state("dns"));
    }
}
