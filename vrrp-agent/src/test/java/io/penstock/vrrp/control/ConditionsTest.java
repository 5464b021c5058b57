package io.penstock.vrrp.control;

import static io.penstock.vrrp.control.Samples.router;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.KernelEvent.AddressChanged;
import io.penstock.netlink.KernelEvent.AddressRemoved;
import io.penstock.netlink.KernelEvent.LinkChanged;
import io.penstock.netlink.KernelEvent.LinkRemoved;
import io.penstock.netlink.Link;
import io.penstock.vrrp.address.VipEvent;
import io.penstock.vrrp.config.VirtualMacConfig;
import io.penstock.vrrp.protocol.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps a router from taking part, and what ends that. */
@Timeout(60)
class ConditionsTest {
    private static final String RESIGNS = "send 51 priority 0 from 192.0.2.1 to group";

    private Rig rig;

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void shouldLetGoWhileInterfaceHasNoCarrier() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        rig.news.tell(new LinkChanged(FakeNews.link(2, "eth0", true, false)));
        rig.turn();
        assertEquals(List.of("release web"), rig.log, "nobody would hear it");
        assertEquals("eth0 has no carrier", rig.reason("web"));

        rig.news.tell(new LinkChanged(FakeNews.link(2, "eth0", true, true)));
        rig.turn();
        assertEquals(State.BACKUP, rig.state("web"));
        assertEquals(1, rig.wire.opened.size());
    }

    @Test
    void shouldOpenSocketAnewWhenInterfaceIsAnother() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        rig.news.tell(new LinkRemoved(FakeNews.link(2, "eth0", false, false)));
        rig.turn();
        assertEquals("there is no interface eth0", rig.reason("web"));
        assertTrue(rig.wire.opened.get(0).closed);

        rig.news.tell(
                new LinkChanged(FakeNews.link(7, "eth0", true, true)),
                new AddressChanged(FakeNews.address(7, Rig.OWN, 0, 0)));
        rig.turn();
        assertEquals(State.BACKUP, rig.state("web"));
        assertEquals(7, rig.wire.opened.get(1).interfaceIndex);
        rig.hear(51, 200);
        rig.turn();
        rig.pass(Duration.ofMillis(300));
        assertEquals(State.BACKUP, rig.state("web"));
    }

    @Test
    void shouldSendFromFirstAddressThatIsNotOurs() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        IpAddress other = Samples.ip("192.0.2.7");
        rig.news.tell(
                new AddressChanged(FakeNews.address(2, Samples.ip("192.0.2.10"), 0, Samples.MARK)),
                new AddressChanged(FakeNews.address(2, other, InterfaceAddress.IFA_F_SECONDARY, 0)));
        rig.turn();
        rig.pass(Samples.INTERVAL);
        assertEquals(List.of("send 51 priority 100 from 192.0.2.1 to group"), rig.log);

        rig.news.tell(
                new AddressRemoved(FakeNews.address(2, Rig.OWN, 0, 0)),
                new AddressChanged(FakeNews.address(2, other, 0, 0)));
        rig.turn();
        rig.log.clear();
        rig.pass(Samples.INTERVAL);
        assertEquals(List.of("send 51 priority 100 from 192.0.2.7 to group"), rig.log);
    }

    @Test
    void shouldWaitForAddress() throws Exception {
        Samples web = router("web");
        web.source = Optional.of(Samples.ip("192.0.2.9"));
        rig = Rig.started(Samples.of(web));
        assertEquals(State.FAULT, rig.state("web"));
        assertEquals("eth0 has no 192.0.2.9", rig.reason("web"));

        rig.news.tell(new AddressChanged(FakeNews.address(2, Samples.ip("192.0.2.9"), 0, 0)));
        rig.turn();
        assertEquals(State.BACKUP, rig.state("web"));
    }

    @Test
    void shouldWaitUntilLinkLocalAddressIsKnownToBeItsOwn() throws Exception {
        Samples web = router("web");
        web.vips = List.of("fe80::10", "2001:db8::10");
        rig = new Rig(Samples.of(web));
        InterfaceAddress probing = FakeNews.address(2, Samples.ip("fe80::1"), InterfaceAddress.IFA_F_TENTATIVE, 0);
        rig.news.tell(new AddressChanged(probing));
        rig.controller.begin();
        assertEquals("the kernel still asks whether anybody else has link-local IPv6 address", rig.reason("web"));

        rig.news.tell(new AddressChanged(FakeNews.address(2, Samples.ip("fe80::1"), 0, 0)));
        rig.turn();
        assertEquals(State.BACKUP, rig.state("web"));
        rig.pass(Duration.ofMillis(361));
        assertEquals(List.of("release web", "send 51 priority 100 from fe80::1 to group", "hold web"), rig.log);
    }

    @Test
    void shouldTryAgainToOpenSocket() throws Exception {
        rig = new Rig(Samples.of(router("web")));
        rig.wire.refusesToOpen = true;
        rig.controller.begin();
        assertEquals("no more sockets", rig.reason("web"));

        rig.wire.refusesToOpen = false;
        rig.pass(Duration.ofSeconds(1));
        assertEquals(State.BACKUP, rig.state("web"));
    }

    @Test
    void shouldStepDownWhenLeaseHasLapsed() throws Exception {
        Samples web = router("web");
        web.stepDownWhenLate = false;
        rig = Rig.active(Samples.of(web));
        rig.keeper.happens("web", VipEvent.Kind.LAPSED, "its lease ran out");
        rig.keeper.dueNs = 0;
        rig.turn();
        assertEquals(List.of("refresh", RESIGNS, "release web"), rig.log);
        assertEquals(State.BACKUP, rig.state("web"));
        assertEquals("its lease ran out", rig.reason("web"));
    }

    @Test
    void shouldBeInFaultUntilResumedWhenVipWasRemoved() throws Exception {
        rig = Rig.active(Samples.of(router("web")));
        rig.keeper.happens("web", VipEvent.Kind.REMOVED, "somebody has removed 192.0.2.10");
        rig.keeper.dueNs = 0;
        rig.turn();
        assertEquals(List.of("refresh", RESIGNS, "release web"), rig.log);
        rig.pass(Duration.ofSeconds(100));
        assertEquals(State.FAULT, rig.state("web"));

        rig.order(() -> rig.controller.resume("web"));
        assertEquals(State.BACKUP, rig.state("web"));
    }

    @Test
    void shouldBeInFaultUntilSomethingHasChangedWhenVipWasRefused() throws Exception {
        rig = Rig.started(Samples.of(router("web")));
        rig.keeper.happens("web", VipEvent.Kind.REFUSED, "192.0.2.10 is somebody else's");
        rig.pass(Duration.ofSeconds(1));
        assertEquals(State.FAULT, rig.state("web"));
        assertEquals("192.0.2.10 is somebody else's", rig.reason("web"));

        InterfaceAddress theirs = FakeNews.address(2, Samples.ip("192.0.2.10"), InterfaceAddress.IFA_F_SECONDARY, 0);
        rig.news.tell(new AddressChanged(theirs));
        rig.turn();
        assertEquals(State.BACKUP, rig.state("web"));
    }

    private void refuse(String words) {
        rig.keeper.happens("web", VipEvent.Kind.REFUSED, words);
        rig.pass(Duration.ofSeconds(1));
        assertEquals(words, rig.reason("web"));
    }

    @Test
    void shouldTakeNothingOverAsLongAsThereIsNoInterfaceForItsVips() throws Exception {
        Samples web = router("web");
        web.vipInterfaceName = Optional.of("dummy0");
        rig = Rig.started(Samples.of(web));
        rig.pass(Duration.ofSeconds(1));
        assertEquals("there is no interface dummy0", rig.reason("web"));
        assertFalse(rig.log.contains("hold web"));

        rig.news.tell(new LinkChanged(FakeNews.link(3, "dummy0", true, true)));
        rig.turn();
        rig.pass(Duration.ofSeconds(1));
        assertEquals(State.ACTIVE, rig.state("web"));
        rig.log.clear();
        rig.news.tell(new LinkRemoved(FakeNews.link(3, "dummy0", true, true)));
        rig.turn();
        assertEquals(List.of(RESIGNS, "release web"), rig.log);
    }

    @Test
    void shouldTryAgainWhenInterfaceOfVipChanges() throws Exception {
        Samples web = router("web");
        web.vipInterfaceName = Optional.of("dummy0");
        rig = new Rig(Samples.of(web));
        rig.news.tell(new LinkChanged(FakeNews.link(3, "dummy0", true, true)));
        rig.controller.begin();
        refuse("192.0.2.10 is somebody else's");
        rig.news.tell(new AddressChanged(FakeNews.address(3, Samples.ip("192.0.2.10"), 0, 0)));
        rig.turn();
        assertEquals(State.BACKUP, rig.state("web"));
    }

    /** Two such interfaces cannot be up at once. */
    @Test
    void shouldTryAgainWhenAnotherInterfaceWithItsVirtualMacGoes() throws Exception {
        Samples web = router("web");
        web.virtualMac = Optional.of(new VirtualMacConfig("vrrp.51"));
        rig = new Rig(Samples.of(web));
        rig.news.tell(new LinkChanged(macvlan(3, "vrrp.51", false)), new LinkChanged(macvlan(4, "left", true)));
        rig.controller.begin();
        refuse("set link 3 up: address in use (EADDRINUSE)");

        rig.news.tell(new LinkChanged(macvlan(3, "vrrp.51", true)));
        rig.turn();
        rig.news.tell(new LinkChanged(macvlan(3, "vrrp.51", false)));
        rig.turn();
        assertEquals(State.FAULT, rig.state("web"), "that was its own doing");
        rig.news.tell(new LinkRemoved(macvlan(4, "left", true)));
        rig.turn();
        assertEquals(State.BACKUP, rig.state("web"));
    }

    private static Link macvlan(int index, String name, boolean up) {
        return new Link(index, name, up, up, false, 1500, Optional.of("00:00:5e:00:01:33"), Optional.of("macvlan"));
    }

    @Test
    void shouldNotTryAgainForLifetimeOfAddress() throws Exception {
        rig = Rig.started(Samples.of(router("web")));
        rig.news.tell(new AddressChanged(withLifetime(600)));
        rig.turn();
        refuse("192.0.2.10 is somebody else's");
        rig.news.tell(new AddressChanged(withLifetime(599)));
        rig.turn();
        rig.news.tell(new LinkChanged(FakeNews.link(9, "other", true, true)));
        rig.turn();
        assertEquals(State.FAULT, rig.state("web"));
    }

    private static InterfaceAddress withLifetime(long seconds) {
        return new InterfaceAddress(2, Samples.ip("192.0.2.77"), 24, InterfaceAddress.IFA_F_SECONDARY, 0, 0, seconds);
    }

    /** With it goes the membership of the group; the agent may be told of both changes at once. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldOpenAnotherSocketWhenItsInterfaceWasWithoutIpv6(boolean atOnce) throws Exception {
        Samples six = router("six");
        six.vips = List.of("fe80::10");
        rig = new Rig(Samples.of(six));
        Link link = FakeNews.link(2, "eth0", true, true);
        rig.news.tell(new AddressChanged(FakeNews.address(2, Samples.ip("fe80::1"), 0, 0)));
        rig.controller.begin();
        assertEquals(1, rig.wire.opened.size());

        rig.news.tell(new LinkChanged(withMtu(link, 1279)));
        if (!atOnce) {
            rig.turn();
            assertTrue(rig.wire.opened.get(0).closed);
            assertEquals(1, rig.wire.opened.size());
        }
        rig.news.tell(new LinkChanged(withMtu(link, 1280)));
        rig.turn();

        assertTrue(rig.wire.opened.get(0).closed);
        assertEquals(2, rig.wire.opened.size());
        rig.news.tell(new LinkChanged(link));
        rig.turn();
        assertEquals(2, rig.wire.opened.size());
    }

    private static Link withMtu(Link link, int mtu) {
        return new Link(link.index(), link.name(), true, true, false, mtu, link.hardwareAddress(), link.kind());
    }

    @Test
    void shouldMoveWithItsGroup() throws Exception {
        rig = Rig.active(Samples.of(
                Map.of("all", List.of("web", "dns")),
                router("web"),
                router("dns", 53).priority(50)));
        assertEquals(State.ACTIVE, rig.controller.status().groups().get(0).state());

        rig.order(() -> rig.controller.failover("dns", Duration.ofSeconds(10)));

        assertEquals(State.BACKUP, rig.state("web"));
        assertEquals(State.BACKUP, rig.controller.status().groups().get(0).state());
        assertTrue(rig.events.stream().anyMatch(event -> event.subject().equals("all")));
        for (int i = 0; i < 50; i++) {
            rig.hear(51, 60);
            rig.hear(53, 60);
            rig.pass(Samples.INTERVAL);
        }
        assertEquals(State.BACKUP, rig.state("web"), "the hold-off is for all of the group");
    }

    @Test
    void shouldNotBecomeActiveAgainAndAgainWhileOneOfGroupHearsAnother() throws Exception {
        rig = Rig.started(Samples.of(Map.of("all", List.of("web", "dns")), router("web"), router("dns", 53)));
        for (int i = 0; i < 20; i++) {
            rig.hear(53, 200);
            rig.pass(Samples.INTERVAL);
        }
        assertEquals(List.of("release dns"), rig.log, "what a former run may have left, and nothing else");

        rig.pass(Duration.ofMillis(400));
        assertEquals(State.ACTIVE, rig.state("web"));
        assertEquals(State.ACTIVE, rig.state("dns"));
    }

    @Test
    void shouldNotWaitForGroupThatItIsNoMoreOf() throws Exception {
        rig = Rig.started(Samples.of(Map.of("all", List.of("web", "dns")), router("web"), router("dns", 53)));
        for (int i = 0; i < 10; i++) {
            rig.hear(53, 200);
            rig.pass(Samples.INTERVAL);
        }
        rig.order(() -> rig.controller.reconfigure(Samples.of(router("web"), router("dns", 53))));
        assertEquals(State.ACTIVE, rig.state("web"));
        assertEquals(State.BACKUP, rig.state("dns"));
    }

    @Test
    void shouldEndFaultOfGroupWhenBothFaultsHaveGoneInTurn() throws Exception {
        rig = Rig.active(Samples.of(Map.of("all", List.of("web", "dns")), router("web"), router("dns", 53)));
        rig.keeper.happens("web", VipEvent.Kind.REMOVED, "web's is gone");
        rig.keeper.dueNs = 0;
        rig.turn();
        rig.keeper.happens("dns", VipEvent.Kind.REMOVED, "dns' is gone, too");
        rig.keeper.dueNs = 0;
        rig.turn();
        assertEquals(State.FAULT, rig.state("dns"));

        rig.order(() -> rig.controller.resume("all"));
        assertEquals(State.BACKUP, rig.state("web"));
        assertEquals(State.BACKUP, rig.state("dns"));
    }
}
