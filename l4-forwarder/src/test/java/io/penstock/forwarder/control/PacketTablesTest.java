package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ForwarderConfigReader;
import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.PacketService;
import io.penstock.forwarder.table.PacketTable;
import io.penstock.forwarder.table.PacketVip;
import io.penstock.forwarder.table.Transport;
import io.penstock.health.AgentReport;
import io.penstock.health.ProbeTarget;
import io.penstock.net.Endpoint;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of services in {@code mode: dsr} and their pools the data plane of packets is told. */
class PacketTablesTest {
    private static final IpAddress VIP = IpAddress.ofIpv4(0xc000020a);
    private static final FlowHash HASH = new FlowHash(5, 6);

    @TempDir
    private Path directory;

    private final ProbeTargets targets = new ProbeTargets();
    private final PacketTables packets = new PacketTables(targets);
    private final RecordedPlane plane = new RecordedPlane();
    private Members web;
    private ForwarderConfig config;

    @BeforeEach
    void attach() {
        packets.use(plane);
        targets.use(plane);
    }

    private void read(String xdp, String web, String pool) throws IOException {
        Path file = Files.writeString(directory.resolve("f.yaml"), """
                xdp: { interfaces: eth0 %s }
                services:
                  proxied: { listen: "192.0.2.11:80" }
                  web: { %s }
                pools:
                  proxied: { backends: ["10.0.0.1:80"] }
                  web: { %s }
                """.formatted(xdp, web, pool));
        config = ForwarderConfigReader.read(file);
        this.web = Members.of(config.pools().get("web"));
        packets.onConfig(config, HASH, Set.of());
        targets.onConfig(config, Set.of());
    }

    private void pool(String pool) throws IOException {
        read("", "mode: dsr, listen: \"192.0.2.10:80\"", pool);
    }

    private PacketTable publish() throws InterruptedException {
        packets.publish(7, Map.of("web", web.pool));
        return plane.next();
    }

    private PacketService published() throws InterruptedException {
        return publish().services().get(0);
    }

    @Test
    void shouldTellWhatTheFileSays() throws Exception {
        read("", """
                mode: dsr, protocol: udp, encapsulation: vxlan, vni: 9, flow-table: off,
                listen: ["192.0.2.10:80", "192.0.2.10:8000-8099", "[2001:db8::10]:*"]""", """
                balance: { hash: source, source-prefix: { ipv4: 24 } }, backends: ["10.0.0.11", "10.0.0.12"]""");

        PacketTable table = publish();

        assertEquals(7, table.version());
        assertEquals(HASH, table.flowHash());
        assertEquals(List.of("web"), RecordedPlane.names(table), "of packets only");
        PacketService service = table.services().get(0);
        assertEquals(Transport.UDP, service.transport());
        assertEquals(
                List.of(
                        new PacketVip(VIP, 80, 80),
                        new PacketVip(VIP, 8000, 8099),
                        PacketVip.anyPort(IpAddress.parse("2001:db8::10").orElseThrow())),
                service.vips());
        assertEquals(Encapsulation.VXLAN, service.encapsulation());
        assertEquals(9, service.vni());
        assertFalse(service.remember());
        assertEquals(24, service.hashInput().ipv4Prefix());
        assertTrue(service.hashInput().source());
        assertSame(web.pool.current(), service.pool());
    }

    @Test
    void shouldHaveNoListenersForPackets() throws Exception {
        pool("backends: [\"10.0.0.11\"]");

        List<ListenerSpec> specs = ListenerSpecs.of(config.services().values());

        assertEquals(
                List.of("192.0.2.11:80"),
                specs.stream().map(ListenerSpec::toString).toList());
        assertEquals(0, specs.get(0).serviceIndex(), "as if there were no others");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            weight: 1          | UP
            weight: 0          | DRAINING
            state: drain       | DRAINING
            state: maintenance | DRAINING
            priority: 3        | UP
            """)
    void shouldTellWhatTheOperatorWants(String keys, String state) throws Exception {
        pool("backends: [\"10.0.0.11\", { id: other, address: 10.0.0.12, " + keys + " }]");

        assertEquals("[10.0.0.11 UP, other " + state + "]", RecordedPlane.states(published()));
    }

    @Test
    void shouldTellWhatChecksSay() throws Exception {
        pool("backends: [\"10.0.0.11\", \"10.0.0.12\"]");
        web.pool.onCheck(web.member(0), false, "refused", 0);

        assertEquals("[10.0.0.11 DOWN, 10.0.0.12 UP]", RecordedPlane.states(published()));

        web.pool.onCheck(web.member(0), true, "connected", 0);
        assertEquals("[10.0.0.11 UP, 10.0.0.12 UP]", RecordedPlane.states(published()));
    }

    @Test
    void shouldLetFlowsGoWhenOneThatIsDrainedFails() throws Exception {
        pool("backends: [\"10.0.0.11\", { id: drained, address: 10.0.0.12, state: drain }]");
        web.pool.onCheck(web.member(1), false, "refused", 0);

        assertEquals("[10.0.0.11 UP, drained DOWN]", RecordedPlane.states(published()));
    }

    @Test
    void shouldTellWhatAgentsSay() throws Exception {
        pool("agent: { port: 99 }, backends: [\"10.0.0.11\", \"10.0.0.12\"]");
        web.pool.onAgent(web.member(0), report(AgentReport.Admin.DRAIN), 0);

        assertEquals("[10.0.0.11 DRAINING, 10.0.0.12 UP]", RecordedPlane.states(published()));
    }

    private static AgentReport report(AgentReport.Admin admin) {
        return new AgentReport(OptionalInt.empty(), Optional.of(admin), Optional.empty(), OptionalInt.empty(), "");
    }

    @Test
    void shouldUseAllWhenTooFewAreHealthy() throws Exception {
        pool(
                "locality: { panic: 60% }, backends: [\"10.0.0.11\", { id: out, address: 10.0.0.12, weight: 0 }, \"10.0.0.13\"]");
        web.pool.onCheck(web.member(0), false, "refused", 0);

        assertEquals("[10.0.0.11 UP, out DRAINING, 10.0.0.13 UP]", RecordedPlane.states(published()));
    }

    @Test
    void shouldBeSettledOnceEachCheckHasHadAResult() throws Exception {
        pool("backends: [\"10.0.0.11\", { id: out, address: 10.0.0.12, state: maintenance }]");
        assertFalse(published().settled());

        web.member(0).onJudged();

        assertTrue(published().settled(), "one in maintenance is not checked");
        assertTrue(web.member(0).onPacketChecks());
        assertFalse(published().settled(), "what was seen another way does not count");
        web.member(0).onJudged();
        assertTrue(published().settled());
        assertFalse(web.member(0).onPacketChecks(), "not the first time");
        pool("health: none, backends: [\"10.0.0.11\"]");
        assertTrue(published().settled());
    }

    @Test
    void shouldKeepTheFlowsOfServicesThatAreClosed() throws Exception {
        pool("backends: [\"10.0.0.11\", \"10.0.0.12\"]");
        web.pool.onCheck(web.member(1), false, "refused", 0);

        packets.onConfig(config, HASH, Set.of("web"));

        PacketService closed = published();
        assertEquals(List.of(new PacketVip(VIP, 80, 80)), closed.vips(), "packets come still");
        assertEquals(0, closed.pool().size(), "and nobody new");
        assertEquals("[10.0.0.11 DRAINING, 10.0.0.12 DRAINING]", RecordedPlane.states(closed), "not checked yet");
        assertTrue(closed.settled(), "to be closed needs no checks");
        web.member(1).onJudged();
        assertEquals("[10.0.0.11 DRAINING, 10.0.0.12 DOWN]", RecordedPlane.states(published()));
    }

    @Test
    void shouldLookForTroubleOnlyWhenPacketsAreForwarded() throws Exception {
        plane.trouble = Optional.of("eth0 is gone");
        assertEquals(Optional.empty(), packets.trouble());
        assertEquals(MemberState.NEVER, packets.deadlineNs(0));
        pool("backends: [\"10.0.0.11\"]");

        assertTrue(packets.isTroubleNew());
        assertFalse(packets.isTroubleNew());
        assertEquals(Optional.of("eth0 is gone"), packets.trouble());
        assertTrue(packets.deadlineNs(5) > 5);
    }

    @Test
    void shouldCheckByTheWayOfPackets() throws Exception {
        read("", "mode: dsr, listen: [\"192.0.2.10:443\", \"192.0.2.10:80\"]", "backends: [\"10.0.0.11\"]");

        assertEquals(Optional.of(marked(443)), target());
    }

    @Test
    void shouldCheckBackendsThemselvesWhenTheFileSaysSo() throws Exception {
        read(", health-path: direct", "mode: dsr, listen: \"192.0.2.10:443\"", "backends: [\"10.0.0.11\"]");

        assertEquals(Optional.of(ProbeTarget.of(new Endpoint(IpAddress.ofIpv4(0x0a00000b), 443))), target());
    }

    @Test
    void shouldCheckBackendsThemselvesWhenThePlaneHasNoMark() throws Exception {
        plane.mark = OptionalInt.empty();
        pool("backends: [\"10.0.0.11:80\"]");

        assertEquals(Optional.of(ProbeTarget.of(new Endpoint(IpAddress.ofIpv4(0x0a00000b), 80))), target());
    }

    @Test
    void shouldTellWhoseAddressChecksGoTo() throws Exception {
        String two =
                "mode: dsr, listen: \"192.0.2.10:80\" }\n  other: { mode: dsr, pool: web, listen: \"192.0.2.10:81\"";
        read("", two, "backends: [\"10.0.0.11\"]");
        assertEquals(List.of(true, false), probed());

        read(", health-path: direct", two, "backends: [\"10.0.0.11\"]");
        assertEquals(List.of(false, false), probed());

        read("", two, "health: none, backends: [\"10.0.0.11\"]");
        assertEquals(List.of(false, false), probed());
    }

    private List<Boolean> probed() throws InterruptedException {
        return publish().services().stream().map(PacketService::probed).toList();
    }

    @Test
    void shouldKnowWhetherAProbeGetsOut() throws Exception {
        plane.reaching = false;
        pool("backends: [\"10.0.0.11\"]");
        assertFalse(targets.isReached(web.pool, web.member(0), target().orElseThrow()));

        plane.reaching = true;

        assertTrue(targets.isReached(web.pool, web.member(0), target().orElseThrow()));
        plane.reaching = false;
        read(", health-path: direct", "mode: dsr, listen: \"192.0.2.10:443\"", "backends: [\"10.0.0.11\"]");
        assertTrue(targets.isReached(web.pool, web.member(0), target().orElseThrow()), "the kernel asks for itself");
    }

    private Optional<ProbeTarget> target() {
        return targets.of(web.pool, web.member(0));
    }

    private static ProbeTarget marked(int port) {
        return new ProbeTarget(new Endpoint(VIP, port), 0x70000001);
    }

    @Test
    void shouldCheckByTheFirstServiceThatIsOpen() throws Exception {
        read(
                "",
                "mode: dsr, listen: \"192.0.2.10:80\" }\n  other: { mode: dsr, pool: web, listen: \"192.0.2.10:81\"",
                "backends: [\"10.0.0.11\"]");
        assertEquals(Optional.of(marked(80)), target());
        assertEquals("web", plane.marked);

        targets.onConfig(config, Set.of("web"));

        assertEquals(Optional.of(marked(81)), target());
        assertEquals("other", plane.marked);
        targets.onConfig(config, Set.of("web", "other"));
        assertEquals(Optional.of(marked(80)), target(), "flows go on");
        targets.onConfig(config, Set.of());
        assertEquals(Optional.of(marked(80)), target());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", health-path: direct"})
    void shouldNotCheckBeforeThePlaneIsThere(String path) throws Exception {
        plane.there = false;
        read(path, "mode: dsr, listen: \"192.0.2.10:80\"", "backends: [\"10.0.0.11\"]");
        assertEquals(Optional.empty(), target());

        plane.there = true;

        assertTrue(target().isPresent());
    }

    @Test
    void shouldCheckBackendsOfProxiesThemselves() throws Exception {
        pool("backends: [\"10.0.0.11\"]");
        Members proxied = Members.of(config.pools().get("proxied"));

        assertEquals(
                Optional.of(ProbeTarget.of(new Endpoint(IpAddress.ofIpv4(0x0a000001), 80))),
                targets.of(proxied.pool, proxied.member(0)));
    }
}
