package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.events.Event;
import io.penstock.events.EventLog;
import io.penstock.forwarder.config.AdmissionConfig;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.DsrConfig;
import io.penstock.forwarder.config.DsrConfig.Encapsulation;
import io.penstock.forwarder.config.ListenConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.PoolConfigs;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.ServiceConfig.Tcp;
import io.penstock.forwarder.config.ServiceConfig.Timeouts;
import io.penstock.forwarder.config.SplitConfig;
import io.penstock.forwarder.events.EventType;
import io.penstock.forwarder.operate.ServingState;
import io.penstock.forwarder.operate.VipHealth;
import io.penstock.forwarder.operate.VipReport.Policy;
import io.penstock.health.HealthCheck;
import io.penstock.health.ProbeResult;
import io.penstock.net.IpAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HealthBoardTest {
    private static final IpAddress VIP = IpAddress.ofIpv4(0xc000020a);

    private final EventLog events = new EventLog(Clock.systemUTC());
    private final HealthBoard board = new HealthBoard(events);
    private final Members web = Members.of(checked("web"));
    private long nowNs;
    private final Members canary = Members.of(checked("canary"));

    private static PoolConfig checked(String name) {
        return PoolConfigs.maglev(
                name,
                1009,
                Optional.of(PoolConfigs.tcpCheck(80, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1)),
                Duration.ofSeconds(10),
                new BackendConfig("a", "10.0.0.1", 80, 1),
                new BackendConfig("b", "10.0.0.2", 80, 1));
    }

    private static ServiceConfig service(String name, String pool, SplitConfig... splits) {
        return new ServiceConfig(
                name,
                List.of(new ListenConfig(VIP, false, 80, 80)),
                pool,
                List.of(splits),
                new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)),
                3,
                new Tcp(Optional.empty(), Optional.empty(), Optional.empty()),
                AdmissionConfig.OPEN,
                Optional.empty());
    }

    private void update() {
        board.onPools(List.of(web.pool, canary.pool), nowNs);
    }

    private void judge(Members members, int member, boolean up) {
        members.pool.onCheck(members.member(member), up, "seen", 0);
        members.member(member).onJudged();
        update();
    }

    private VipHealth vip() {
        return board.report(Optional.empty()).of(VIP, Policy.ALL).orElseThrow();
    }

    private void assertIs(ServingState state, String reason) {
        assertEquals(state, vip().state());
        assertEquals(reason, vip().reason());
    }

    private List<String> told(EventType type) {
        return events.latest(100, event -> event.type() == type).stream()
                .map(event -> event.subject() + " " + event.text())
                .toList();
    }

    private void start(ServiceConfig... services) {
        board.onConfig(List.of(services), Set.of());
        update();
        assertIs(
                ServingState.UNKNOWN,
                String.join(
                                ", ",
                                Arrays.stream(services).map(ServiceConfig::name).toList())
                        + ": the forwarder is starting");
        board.onStarted(List.of(web.pool, canary.pool), nowNs);
        update();
    }

    @Test
    void shouldKnowNothingBeforeACheckSaysSomething() {
        start(service("site", "web"));
        assertIs(ServingState.UNKNOWN, "site: pool web: no check has had a result");
        judge(web, 0, true);
        assertIs(ServingState.SERVED, "");
        assertEquals(List.of("192.0.2.10 served"), told(EventType.VIP));
        assertEquals(List.of("web served"), told(EventType.POOL));
    }

    @Test
    void shouldWaitForAllBeforeItSaysThatNobodyServes() {
        start(service("site", "web"));
        judge(web, 0, false);
        assertEquals(ServingState.UNKNOWN, vip().state());
        judge(web, 1, false);
        assertIs(ServingState.NOT_SERVED, "site: pool web: no backend is up (down 2)");
        judge(web, 1, true);
        assertIs(ServingState.SERVED, "");
        assertEquals(
                List.of("192.0.2.10 not-served: site: pool web: no backend is up (down 2)", "192.0.2.10 served"),
                told(EventType.VIP));
        assertEquals(List.of(Event.Level.ERROR, Event.Level.INFO), levels());
    }

    private List<Event.Level> levels() {
        return events.latest(100, event -> event.type() == EventType.VIP).stream()
                .map(Event::level)
                .toList();
    }

    @Test
    void shouldNotServeWhenPacketsAreNotForwarded() {
        ServiceConfig packets = dsr("edge");
        start(packets);
        judge(web, 0, true);
        judge(web, 1, true);
        assertIs(ServingState.SERVED, "");

        board.onPacketTrouble(Optional.of("eth0 is gone"));

        assertIs(ServingState.NOT_SERVED, "edge: eth0 is gone");
        board.onPacketTrouble(Optional.empty());
        assertIs(ServingState.SERVED, "");
        assertEquals(
                List.of("192.0.2.10 served", "192.0.2.10 not-served: edge: eth0 is gone", "192.0.2.10 served"),
                told(EventType.VIP));
    }

    /** With a ring of the first alone, it would send flows elsewhere than other forwarders do. */
    @Test
    void shouldSpeakOfPoolsThatItHasNotSeen() {
        start(dsr("edge"));
        judge(web, 0, true);
        judge(web, 1, true);
        board.onPacketTrouble(Optional.of("eth0 is gone"));
        board.onConfig(List.of(service("edge", "later")), Set.of());

        board.onPacketTrouble(Optional.empty());

        assertIs(ServingState.UNKNOWN, "edge: pool later: not looked at yet");
    }

    @Test
    void shouldNotWaitForPoolsThatPacketsLeave() {
        start(dsr("edge"));
        judge(web, 0, true);
        assertTrue(board.isWaiting());

        board.onConfig(List.of(service("edge", "web")), Set.of());
        update();

        assertFalse(board.isWaiting());
        assertIs(ServingState.SERVED, "");
    }

    @Test
    void shouldServePacketsOnceAllBackendsAreKnown() {
        start(dsr("edge"));
        judge(web, 0, true);
        assertIs(ServingState.UNKNOWN, "edge: pool web: not every backend's health is known yet");
        assertTrue(board.isWaiting());

        judge(web, 1, false);

        assertIs(ServingState.SERVED, "");
        assertFalse(board.isWaiting());
    }

    @Test
    void shouldNotWaitForVerdictsForEver() {
        start(dsr("edge"));
        judge(web, 0, true);

        nowNs += Duration.ofSeconds(3).toNanos();
        update();

        assertIs(ServingState.SERVED, "");
    }

    /** One that was cut off finds its backends one after the other. */
    @Test
    void shouldServePacketsAgainOnceAllBackendsAreKnownAgain() {
        start(dsr("edge"));
        judge(web, 0, false);
        judge(web, 1, false);
        found(web, 1, new ProbeResult(ProbeResult.Outcome.FAILURE, "timeout"));
        assertIs(ServingState.NOT_SERVED, "edge: pool web: no backend is up (down 2)");

        judge(web, 0, true);
        assertIs(ServingState.NOT_SERVED, "edge: pool web: not every backend's health is known yet");
        found(web, 1, new ProbeResult(ProbeResult.Outcome.SUCCESS, "connected"));
        assertEquals(ServingState.NOT_SERVED, vip().state(), "about to come up");
        judge(web, 1, true);
        assertIs(ServingState.SERVED, "");
    }

    @Test
    void shouldServePacketsAgainWhenTheOthersStayDown() {
        start(dsr("edge"));
        judge(web, 0, false);
        judge(web, 1, false);
        found(web, 1, new ProbeResult(ProbeResult.Outcome.FAILURE, "timeout"));
        judge(web, 0, true);
        assertEquals(ServingState.NOT_SERVED, vip().state());

        found(web, 1, new ProbeResult(ProbeResult.Outcome.FAILURE, "timeout"));

        assertIs(ServingState.SERVED, "");
        judge(web, 0, false);
        judge(web, 0, true);
        nowNs += Duration.ofSeconds(3).toNanos();
        update();
        assertIs(ServingState.SERVED, "");
    }

    private void found(Members members, int member, ProbeResult result) {
        HealthCheck check =
                members.pool.config().health().orElseThrow().checks().get(0);
        members.member(member).checkResults().onResult(check, result, 0);
        update();
    }

    /** Who could tell the board may be the one that hangs. */
    @Test
    void shouldNotServeWhenThereIsTroubleThatItHasNotHeardOf() {
        start(dsr("edge"), service("site", "web"));
        judge(web, 0, true);
        judge(web, 1, true);

        VipHealth asked = board.report(Optional.of("the lease is over"))
                .of(VIP, Policy.ALL)
                .orElseThrow();

        assertEquals(ServingState.NOT_SERVED, asked.state());
        assertEquals("edge: the lease is over", asked.reason(), "connections are served");
        assertIs(ServingState.SERVED, "");
        board.onDraining();
        assertEquals(
                ServingState.DRAINING,
                board.report(Optional.of("the lease is over"))
                        .of(VIP, Policy.ALL)
                        .orElseThrow()
                        .state());
    }

    @Test
    void shouldServeConnectionsWhenPacketsAreNotForwarded() {
        start(service("site", "web"));
        judge(web, 0, true);

        board.onPacketTrouble(Optional.of("eth0 is gone"));

        assertIs(ServingState.SERVED, "");
    }

    private static ServiceConfig dsr(String name) {
        ServiceConfig proxied = service(name, "web");
        return new ServiceConfig(
                name,
                proxied.protocol(),
                proxied.listen(),
                false,
                proxied.pool(),
                List.of(),
                proxied.timeouts(),
                3,
                proxied.tcp(),
                proxied.admission(),
                Optional.empty(),
                proxied.udp(),
                Optional.of(new DsrConfig(Encapsulation.IPIP, DsrConfig.DEFAULT_VNI, true)));
    }

    /** Else a reload that brings a pool would take an address away that is served. */
    @Test
    void shouldTakeAPoolThatComesLaterForWhatItsChecksBeginWith() {
        board.onConfig(List.of(service("site", "web")), Set.of());
        board.onStarted(List.of(), nowNs);
        update();
        assertIs(ServingState.SERVED, "");
    }

    @Test
    void shouldBeDegradedWhenASplitHasNobody() {
        start(service("site", "web", new SplitConfig("canary", List.of(), 1_000)));
        judge(web, 0, true);
        judge(canary, 0, false);
        judge(canary, 1, false);
        assertIs(ServingState.DEGRADED, "site: pool canary: no backend is up (down 2)");
        assertTrue(vip().state().isServed());
        judge(web, 0, false);
        judge(web, 1, false);
        assertIs(ServingState.NOT_SERVED, "site: pool web: no backend is up (down 2)");
    }

    @Test
    void shouldNotBeHeldBackByAServiceThatAnOperatorClosed() {
        start(service("site", "web"), service("other", "canary"));
        judge(web, 0, true);
        judge(canary, 0, false);
        judge(canary, 1, false);
        assertIs(ServingState.NOT_SERVED, "other: pool canary: no backend is up (down 2)");
        board.onConfig(List.of(service("site", "web"), service("other", "canary")), Set.of("other"));
        update();
        assertIs(ServingState.SERVED, "");
        board.onConfig(List.of(service("site", "web"), service("other", "canary")), Set.of("other", "site"));
        update();
        assertIs(ServingState.NOT_SERVED, "site, other: closed by an operator");
    }

    @Test
    void shouldDrainAtOnce() {
        start(service("site", "web"));
        judge(web, 0, true);
        board.onDraining();
        assertIs(ServingState.DRAINING, "site: the forwarder takes no new connections");
        assertEquals(2, told(EventType.VIP).size());
    }

    @Test
    void shouldTellOncePerChange() {
        start(service("site", "web"));
        judge(web, 0, true);
        long last = events.lastId();
        update();
        judge(web, 1, true);
        assertEquals(last, events.lastId());
    }

    @Test
    void shouldForgetAddressesThatNobodyListensOn() {
        start(service("site", "web"));
        judge(web, 0, true);
        board.onConfig(List.of(), Set.of());
        update();
        assertTrue(board.report(Optional.empty()).of(VIP, Policy.ALL).isEmpty());
    }
}
