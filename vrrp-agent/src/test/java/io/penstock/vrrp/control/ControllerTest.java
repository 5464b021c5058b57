package io.penstock.vrrp.control;

import static io.penstock.vrrp.control.Samples.router;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.RefusedException;
import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.KernelEvent;
import io.penstock.netlink.KernelEvent.AddressChanged;
import io.penstock.netlink.KernelEvent.AddressRemoved;
import io.penstock.netlink.KernelEvent.LinkChanged;
import io.penstock.netlink.KernelEvent.LinkRemoved;
import io.penstock.netlink.Link;
import io.penstock.vrrp.config.UnicastConfig;
import io.penstock.vrrp.config.VirtualMacConfig;
import io.penstock.vrrp.event.VrrpEvent;
import io.penstock.vrrp.operate.AgentStatus.Phase;
import io.penstock.vrrp.operate.RouterCounter;
import io.penstock.vrrp.protocol.State;
import io.penstock.vrrp.wire.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent's thread at virtual time, with a network and addresses that are lists. */
@Timeout(60)
class ControllerTest {
    private static final String ADVERTISES = "send 51 priority 100 from 192.0.2.1 to group";
    private static final String RESIGNS = "send 51 priority 0 from 192.0.2.1 to group";
    private static final IpAddress GROUP = Wire.group(true);

    /** Of priority 100 at 100 ms: three intervals and the skew. */
    private static final Duration ACTIVE_DOWN = Duration.ofNanos(360_937_500);

    private Rig rig;

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void shouldAdvertiseBeforeItTakesVipsWhenNobodyIsHeard() throws Exception {
        rig = Rig.started(Samples.of(router("web")));
        assertEquals(State.BACKUP, rig.state("web"));

        rig.pass(ACTIVE_DOWN.minusNanos(1));
        assertEquals(List.of(), rig.log);
        rig.pass(Duration.ofNanos(1));

        assertEquals(List.of(ADVERTISES, "hold web"), rig.log);
        assertEquals(State.ACTIVE, rig.state("web"));
        assertEquals(1, rig.count("web", RouterCounter.BECAME_ACTIVE));
        VrrpEvent last = rig.events.get(rig.events.size() - 1);
        assertEquals(VrrpEvent.Kind.TRANSITION, last.kind());
        assertEquals("active", last.details().get("to"));
    }

    @Test
    void shouldAdvertiseAtItsInterval() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        rig.pass(Duration.ofSeconds(1));
        assertEquals(10, rig.log.stream().filter(ADVERTISES::equals).count());
        assertTrue(rig.controller.figures().lateness().count() >= 10);
    }

    @Test
    void shouldHearWhatCameDuringStallBeforeItActs() throws Exception {
        rig = Rig.started(Samples.of(router("web")));
        rig.freeze(Duration.ofSeconds(5));
        rig.hear(51, 200);
        rig.turn();
        assertEquals(List.of("release web"), rig.log, "what a former run may have left, and nothing else");
        assertEquals(State.BACKUP, rig.state("web"));
    }

    @Test
    void shouldStepDownWithoutWordWhenItIsLate() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        rig.freeze(Duration.ofSeconds(1));
        rig.turn();
        assertEquals(List.of("release web"), rig.log);
        assertEquals(State.BACKUP, rig.state("web"));
        assertEquals(1, rig.count("web", RouterCounter.LATE));
    }

    @Test
    void shouldGoOnWhenItIsLateAndToldToContinue() throws Exception {
        Samples web = router("web");
        web.stepDownWhenLate = false;
        rig = Rig.active(Samples.of(web));
        rig.freeze(Duration.ofSeconds(1));
        rig.turn();
        assertEquals(List.of(ADVERTISES), rig.log);
        assertEquals(1, rig.count("web", RouterCounter.LATE));
    }

    @Test
    void shouldStepDownWhenNothingCanBeSent() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        rig.wire.result = -101;
        rig.pass(Duration.ofMillis(310));
        assertEquals(List.of("release web"), rig.log);
        assertEquals(State.BACKUP, rig.state("web"));
        assertEquals(2, rig.router("web").counters().get(RouterCounter.SEND_FAILURES));
    }

    @Test
    void shouldTakeNoVipsWhenNothingCanBeSent() throws Exception {
        rig = Rig.started(Samples.of(router("web")));
        rig.wire.result = -1;
        rig.pass(Duration.ofSeconds(1));
        assertEquals(List.of(), rig.log);
        assertEquals(State.BACKUP, rig.state("web"));
        assertTrue(rig.count("web", RouterCounter.SEND_FAILURES) >= 5);
        rig.wire.result = 0;
        rig.pass(Duration.ofMillis(110));
        assertEquals(State.ACTIVE, rig.state("web"));
    }

    /** Each of them in turn is the one that is mute: who sends first, and who takes over first, must not matter. */
    @ParameterizedTest
    @ValueSource(ints = {51, 53, 54})
    void shouldTakeNoVipsWhenOneOfItsGroupCannotSend(int mute) throws Exception {
        Map<String, List<String>> group = Map.of("all", List.of("web", "dns", "ntp"));
        rig = Rig.started(Samples.of(group, router("web"), router("dns", 53), router("ntp", 54)));
        rig.wire.mute.add(mute);
        rig.pass(ACTIVE_DOWN);
        for (String name : List.of("web", "dns", "ntp")) {
            assertEquals(State.BACKUP, rig.state(name));
            String last = rig.events.stream()
                    .filter(event -> event.kind() == VrrpEvent.Kind.TRANSITION)
                    .filter(event -> event.subject().equals(name))
                    .reduce((earlier, later) -> later)
                    .map(event -> event.details().get("to"))
                    .orElseThrow();
            assertEquals("backup", last, name);
        }
        assertEquals(Set.of(), rig.keeper.held);
        rig.log.clear();
        rig.pass(Duration.ofSeconds(5));
        assertEquals(List.of(), rig.log, "the others are not active again and again");

        rig.wire.mute.clear();
        rig.pass(Duration.ofMillis(110));
        assertEquals(Set.of("web", "dns", "ntp"), rig.keeper.held);
    }

    @Test
    void shouldBecomeActiveTogetherWhenSeveralOfItsGroupCouldNotSend() throws Exception {
        Map<String, List<String>> group = Map.of("all", List.of("web", "dns", "ntp"));
        rig = Rig.started(Samples.of(group, router("web"), router("dns", 53), router("ntp", 54)));
        rig.wire.mute.addAll(Set.of(51, 53));
        rig.pass(Duration.ofSeconds(1));
        for (int i = 0; i < 10; i++) {
            rig.hear(54, 200);
            rig.pass(Samples.INTERVAL);
        }
        rig.wire.mute.clear();
        rig.pass(Duration.ofMillis(200));
        assertEquals(Set.of(), rig.keeper.held, "ntp still waits for who has fallen silent");
        rig.pass(Duration.ofMillis(300));
        assertEquals(Set.of("web", "dns", "ntp"), rig.keeper.held);
    }

    @Test
    void shouldCountPacketsThatAreNoAdvertisementsForIt() throws Exception {
        rig = Rig.started(Samples.of(router("web")));
        rig.deliver(Rig.encode(51, 200, Rig.PEER, GROUP), Rig.PEER, GROUP, 254);
        byte[] spoilt = Rig.encode(51, 200, Rig.PEER, GROUP);
        spoilt[2] ^= 1;
        rig.deliver(spoilt, Rig.PEER, GROUP, 255);
        rig.hear(51, 200, Rig.PEER, Rig.OWN);
        rig.hear(52, 200);
        rig.deliver(new byte[1], Rig.PEER, GROUP, 255);
        rig.pass(Duration.ofMillis(1));

        assertEquals(1, rig.count("web", RouterCounter.TTL_ERRORS));
        assertEquals(1, rig.count("web", RouterCounter.CHECKSUM_ERRORS));
        assertEquals(1, rig.count("web", RouterCounter.AUTHENTICATION_ERRORS), "unicast, and it has no peers");
        assertEquals(0, rig.count("web", RouterCounter.RECEIVED));
        assertEquals(2, rig.controller.status().unknownVrids());
        rig.pass(ACTIVE_DOWN);
        assertEquals(State.ACTIVE, rig.state("web"));
    }

    @Test
    void shouldSpeakWithPeersOnly() throws Exception {
        IpAddress third = Samples.ip("192.0.2.3");
        Samples web = router("web");
        web.unicast = Optional.of(new UnicastConfig(List.of(Rig.PEER, third), 255, 255));
        rig = Rig.started(Samples.of(web));
        rig.hear(51, 200);
        rig.hear(51, 200, Samples.ip("192.0.2.9"), Rig.OWN);
        rig.pass(ACTIVE_DOWN);
        assertEquals(2, rig.count("web", RouterCounter.AUTHENTICATION_ERRORS));
        assertEquals(
                List.of(
                        "send 51 priority 100 from 192.0.2.1 to 192.0.2.2",
                        "send 51 priority 100 from 192.0.2.1 to 192.0.2.3",
                        "hold web"),
                rig.log.subList(0, 3));

        rig.hear(51, 200, Rig.PEER, Rig.OWN);
        rig.pass(Duration.ZERO);
        assertEquals(State.BACKUP, rig.state("web"));
    }

    @Test
    void shouldAnnounceAgainWhenAnotherWasActiveToo() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        rig.hear(51, 50);
        rig.pass(Duration.ZERO);
        assertEquals(List.of(ADVERTISES, "announce web"), rig.log);
        assertEquals(1, rig.count("web", RouterCounter.ANNOUNCEMENTS));
        assertEquals(1, rig.count("web", RouterCounter.DUPLICATE_ACTIVES));
    }

    @Test
    void shouldHandOverAndTakeNothingBackForAsLong() throws Exception {
        rig = Rig.active(Samples.of(router("web").priority(200)));
        rig.order(() -> rig.controller.failover("web", Duration.ofSeconds(10)));
        assertEquals(List.of(RESIGNS, "release web"), rig.log);
        for (int i = 0; i < 90; i++) {
            rig.hear(51, 100);
            rig.pass(Duration.ofMillis(100));
        }
        assertEquals(State.BACKUP, rig.state("web"));

        rig.order(() -> rig.controller.resume("web"));
        for (int i = 0; i < 5; i++) {
            rig.hear(51, 100);
            rig.pass(Duration.ofMillis(100));
        }
        assertEquals(State.ACTIVE, rig.state("web"));
    }

    @Test
    void shouldRefuseToHandOverWhatItDoesNotHave() throws Exception {
        rig = Rig.started(Samples.of(router("web")));
        RefusedException refused = assertThrows(
                RefusedException.class, () -> rig.order(() -> rig.controller.failover("web", Duration.ZERO)));
        assertEquals("'web' is backup, so there is nothing to hand over", refused.getMessage());
        RefusedException unknown = assertThrows(
                RefusedException.class, () -> rig.order(() -> rig.controller.failover("www", Duration.ZERO)));
        assertTrue(unknown.isUnknown());
    }

    @Test
    void shouldSayThatItStopsBeforeItLetsGo() throws Exception {
        rig = Rig.active(Samples.of(router("web"), router("dns", 53)));
        Thread thread = new Thread(rig.controller, Controller.THREAD);
        thread.start();
        rig.controller.stop();
        assertTrue(rig.controller.awaitEnd(Duration.ofSeconds(20)));
        thread.join();

        assertEquals(
                List.of(RESIGNS, "send 53 priority 0 from 192.0.2.1 to group", "release web", "release dns"), rig.log);
        assertEquals(Phase.STOPPING, rig.controller.status().phase());
        assertEquals(State.INITIALIZE, rig.state("web"));
        RefusedException refused = assertThrows(RefusedException.class, () -> rig.controller.resume("web"));
        assertEquals("the agent has ended", refused.getMessage());
    }

    @Test
    void shouldNotWaitForThreadThatHangsWhenStopped() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        rig.controller.stop();
        assertFalse(rig.controller.awaitEnd(Duration.ZERO), "nobody turns");
        assertEquals(List.of(), rig.log);
    }

    @Test
    void shouldStartNothingAnyMoreWhenStopped() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        rig.controller.stop();
        RefusedException refused = assertThrows(
                RefusedException.class,
                () -> rig.order(() -> rig.controller.reconfigure(
                        Samples.of(router("web"), router("dns", 53).priority(255)))));
        assertEquals("the agent is stopping", refused.getMessage());
        assertEquals(List.of(RESIGNS, "release web"), rig.log);
    }

    @Test
    void shouldAdvertiseBeforeAnotherRouterTakesOver() throws Exception {
        rig = Rig.started(Samples.of(router("dns", 53), router("web")));
        rig.pass(Duration.ofMillis(100));
        rig.hear(53, 200);
        rig.turn();
        rig.pass(ACTIVE_DOWN.minusMillis(100));
        assertEquals(State.BACKUP, rig.state("dns"));
        assertEquals(State.ACTIVE, rig.state("web"));
        rig.log.clear();

        rig.freeze(Duration.ofMillis(150));
        rig.turn();

        assertEquals(List.of(ADVERTISES, "send 53 priority 100 from 192.0.2.1 to group", "hold dns"), rig.log);
    }

    @Test
    void shouldAdvertiseForAllBeforeTheFirstOfThemTakesOver() throws Exception {
        rig = Rig.started(Samples.of(router("web"), router("dns", 53)));
        rig.pass(ACTIVE_DOWN);
        String dns = "send 53 priority 100 from 192.0.2.1 to group";
        assertEquals(List.of(ADVERTISES, dns, "hold web", "hold dns"), rig.log);
    }

    @Test
    void shouldSayThatKernelGivesNoAnswerAndGoOnWhenItDoes() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        rig.news.silent = true;
        rig.news.tell(new LinkChanged(FakeNews.link(2, "eth0", false, false)));
        rig.turn();
        assertEquals(
                Optional.of("no answer of the kernel"), rig.controller.status().trouble());
        assertEquals(State.ACTIVE, rig.state("web"));

        rig.news.silent = false;
        rig.pass(Duration.ofSeconds(1));
        assertEquals(Optional.empty(), rig.controller.status().trouble());
        assertEquals(State.FAULT, rig.state("web"));
    }

    /** Containers come and go by the hundred, and a list of all there is takes milliseconds then. */
    @Test
    void shouldLookOnlyAfterChangesOfInterfacesThatItsRoutersAreOn() throws Exception {
        Samples web = router("web");
        web.vipInterfaceName = Optional.of("dummy0");
        web.virtualMac = Optional.of(new VirtualMacConfig("vrrp.51"));
        rig = Rig.started(Samples.of(web));
        Link other = FakeNews.link(7, "veth7", true, true);
        assertLooks(0, new LinkChanged(other), new AddressChanged(FakeNews.address(7, Rig.PEER, 0, 0)));
        assertLooks(0, new LinkRemoved(other));

        InterfaceAddress further = FakeNews.address(2, Rig.PEER, 0, 0);
        assertLooks(1, new AddressChanged(further));
        assertLooks(1, new AddressRemoved(further));
        assertLooks(1, new LinkChanged(FakeNews.link(8, "dummy0", true, true)));
        assertLooks(1, new LinkChanged(FakeNews.link(8, "renamed", true, true)));
        assertLooks(1, new LinkChanged(FakeNews.link(9, "vrrp.51", true, true)));
        assertLooks(1, new LinkRemoved(FakeNews.link(9, "vrrp.51", true, true)));
    }

    private void assertLooks(int more, KernelEvent... events) {
        int before = rig.keeper.looks;
        rig.news.tell(events);
        rig.turn();
        assertEquals(more, rig.keeper.looks - before, () -> List.of(events).toString());
    }

    @Test
    void shouldRefreshWhatIsDue() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        rig.keeper.dueNs = rig.controller.nextNs() - 1;
        rig.pass(Duration.ofMillis(99));
        assertTrue(rig.log.contains("refresh"));
    }

    @Test
    void shouldGiveSignsOfLifeWhenAsked() throws Exception {
        rig = Rig.started(Samples.of(router("web")));
        long before = rig.controller.watched().signs();
        rig.controller.watched().ask();
        rig.turn();
        assertFalse(rig.controller.watched().signs() == before);
    }
}
