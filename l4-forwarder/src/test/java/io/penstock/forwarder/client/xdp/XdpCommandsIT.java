package io.penstock.forwarder.client.xdp;

import static io.penstock.forwarder.client.xdp.PlaneFixture.BY_RANGES;
import static io.penstock.forwarder.client.xdp.PlaneFixture.DOWN;
import static io.penstock.forwarder.client.xdp.PlaneFixture.IPIP;
import static io.penstock.forwarder.client.xdp.PlaneFixture.L2;
import static io.penstock.forwarder.client.xdp.PlaneFixture.NO_MAC;
import static io.penstock.forwarder.client.xdp.PlaneFixture.REMEMBER;
import static io.penstock.forwarder.client.xdp.PlaneFixture.UP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.penstock.cli.Words;
import io.penstock.forwarder.bpf.AttachMode;
import io.penstock.forwarder.bpf.AttachedXdp;
import io.penstock.forwarder.bpf.BpfRig;
import io.penstock.forwarder.bpf.NetworkInterfaces;
import io.penstock.forwarder.bpf.TcFilter;
import io.penstock.forwarder.bpf.XdpLink;
import io.penstock.forwarder.xdp.HealthFilters;
import io.penstock.forwarder.xdp.PlaneCounter;
import io.penstock.forwarder.xdp.backend.Frames;
import io.penstock.testing.NetworkNamespace;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands on pins that nobody runs: two services, three backends, an interface. */
@Timeout(120)
class XdpCommandsIT {
    private static final int XDP_TX = 3;
    private static final int SLOTS = 65_537;
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    private static final String MACS = "02:00:00:00:00:0b 02:00:00:00:00:01";

    private NetworkNamespace namespace;
    private PlaneFixture plane;
    private int ifindex;

    @BeforeEach
    void make() throws Exception {
        BpfRig.assumeLoadable();
        namespace = NetworkNamespace.create();
        // Nothing arrives but what a test sends: the kernel's own neighbour messages would be counted.
        namespace.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
        namespace.addCable("eth0", "peer0");
        ifindex = namespace.call(() -> NetworkInterfaces.index("eth0"));
        plane = new PlaneFixture();
        plane.config(2, 42, "10.0.0.1", "2001:db8::1");
        plane.lease(System.nanoTime() + HOUR_NS, 4711);
        plane.real(0, "10.0.0.11", L2, UP, MACS, 0);
        plane.real(1, "10.0.0.12", L2, DOWN, NO_MAC, 0);
        plane.real(2, "2001:db8::13", IPIP, UP, MACS, ifindex);
        plane.ring(7, 0, SLOTS, 0);
        plane.ring(8, 0, 13_107, 1);
        plane.ring(9, 2, 1, ServiceEntry.NONE);
        plane.service(0, 7, 8, System.nanoTime() + HOUR_NS, REMEMBER);
        plane.service(3, 9, ServiceEntry.NONE, 0, 0);
        plane.vip("192.0.2.10", 80, 6, 0, 0, 0, 0);
        plane.vip("192.0.2.10", 0, 0, 0, 0, 0, 0);
        plane.vip("2001:db8:9::10", 0, 17, BY_RANGES, 0, 5, 2);
        plane.range(5, 8_000, 8_099, 3);
        plane.range(6, 53, 53, 3);
        plane.names("""
                {"services":[{"index":0,"name":"web","vips":["192.0.2.10:80"],"encapsulation":"l2"}],
                 "reals":[{"id":0,"service":"web","pool":"web","backend":"b1","address":"10.0.0.11","encapsulation":"l2"},
                  {"id":1,"service":"web","pool":"web","backend":"b2","address":"10.0.0.12","encapsulation":"l2"}]}
                """);
    }

    @AfterEach
    void remove() throws Exception {
        if (plane != null) {
            plane.close();
            namespace.close();
        }
    }

    private XdpRun xdp(String... words) throws Exception {
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--name";
        all[words.length + 1] = plane.name();
        return XdpRun.in(namespace, all);
    }

    private void attach() throws Exception {
        try (XdpLink link = namespace.call(
                () -> XdpLink.attach(plane.forwarder().program("penstock"), ifindex, AttachMode.NATIVE))) {
            link.pin(plane.pins().resolve("link-eth0"));
        }
    }

    /** A segment of a client, from that port on. */
    private static byte[] segment(int port, int flags) {
        byte[] tcp = ByteBuffer.allocate(20)
                .putShort((short) port)
                .putShort((short) 80)
                .putLong(1)
                .put((byte) 0x50)
                .put((byte) flags)
                .array();
        return Frames.ethernet(Frames.ip("198.51.100.7", "192.0.2.10", Frames.TCP, tcp));
    }

    private static List<JsonObject> objects(JsonElement array) {
        return array.getAsJsonArray().asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    @Test
    void shouldShowAllOfIt() throws Exception {
        attach();
        assertEquals(XDP_TX, plane.run(segment(40_000, 2)).verdict());
        assertEquals(XDP_TX, plane.run(segment(40_000, 0x10)).verdict());
        JsonObject status = xdp("status", "--json").json().getAsJsonObject();
        assertEquals(42, Words.number(status, "generation"));
        assertEquals(2, Words.number(status, "abi"));
        JsonObject lease = Words.object(status, "lease");
        assertEquals("alive", Words.text(lease, "state"));
        assertEquals(4711, Words.number(lease, "pid"));
        assertEquals(3_600, Words.decimal(lease, "leftSeconds", 0), 60);

        JsonObject eth0 = Words.objects(status, "interfaces").get(0);
        assertEquals("eth0", Words.text(eth0, "name"));
        assertEquals("native", Words.text(eth0, "mode"));
        assertEquals(plane.forwarder().program("penstock").id(), Words.number(eth0, "program"));

        List<JsonObject> services = Words.objects(status, "services");
        assertEquals(
                List.of("web", "#3"),
                services.stream().map(one -> Words.text(one, "name")).toList());
        assertEquals(List.of("192.0.2.10:80"), Words.texts(services.get(0), "listen"));
        assertEquals(
                List.of("[2001:db8:9::10]:8000-8099", "[2001:db8:9::10]:53"), Words.texts(services.get(1), "listen"));
        assertEquals("udp", Words.text(services.get(1), "protocol"));
        assertEquals(2, Words.number(services.get(0), "packets"));
        assertEquals(80, Words.number(services.get(0), "octets"));
        assertEquals(3_600, Words.decimal(services.get(0), "windowSeconds", 0), 60);

        List<JsonObject> backends = Words.objects(status, "backends");
        assertEquals(
                List.of("web/b1", "web/b2", "#2"),
                backends.stream().map(one -> Words.text(one, "name")).toList());
        assertEquals(
                List.of("up", "down", "up"),
                backends.stream().map(one -> Words.text(one, "state")).toList());
        assertEquals("02:00:00:00:00:0b", Words.text(backends.get(0), "nextHop"));
        assertFalse(backends.get(1).has("nextHop"));
        assertEquals(2, Words.number(backends.get(0), "packets"));

        JsonObject counters = Words.object(status, "counters");
        for (PlaneCounter counter : PlaneCounter.values()) {
            long expected =
                    switch (counter) {
                        case FORWARDED -> 2;
                        case FLOW_NEW, FLOW_HIT -> 1;
                        default -> 0;
                    };
            assertEquals(expected, Words.number(counters, counter.label(), -1), counter.label());
        }
        assertEquals(0, Words.number(Words.object(status, "probes"), "no_real", -1));
    }

    @Test
    void shouldPrintItForPeople() throws Exception {
        attach();
        XdpRun run = xdp("status");
        assertEquals(0, run.exitCode(), run.err());
        String text = run.out().replaceAll(" +", " ");
        for (String part : List.of(
                plane.name() + ": lease alive, 3",
                "(pid 4711), generation 42",
                "eth0 attached native",
                "web tcp 192.0.2.10:80 7 for 3",
                "web/b2 10.0.0.12 l2 down unknown 0 0 B",
                "drop_no_mac 0",
                "no_room 0")) {
            assertTrue(text.contains(part), () -> part + " in\n" + text);
        }
    }

    @Test
    void shouldTellAgentsWhetherToAnnounce() throws Exception {
        XdpRun nowhere = xdp("status", "--check");
        assertEquals(1, nowhere.exitCode());
        assertTrue(nowhere.out().strip().endsWith("; attached nowhere"), nowhere.out());
        attach();
        XdpRun alive = xdp("status", "--check");
        assertEquals(0, alive.exitCode());
        assertTrue(alive.out().strip().endsWith("(pid 4711); attached to eth0 (native)"), alive.out());
        plane.lease(System.nanoTime() - TimeUnit.SECONDS.toNanos(5), 4711);
        XdpRun over = xdp("status", "--check");
        assertEquals(1, over.exitCode());
        assertTrue(over.out().startsWith("lease OVER for 5."), over.out());
        plane.lease(0, 4711);
        XdpRun released = xdp("status", "--check");
        assertEquals(1, released.exitCode());
        assertTrue(released.out().startsWith("lease released"), released.out());
        plane.lease(System.nanoTime() + HOUR_NS, 4711);
        namespace.ip("link delete eth0");
        XdpRun gone = xdp("status", "--check");
        assertEquals(1, gone.exitCode());
        assertTrue(gone.out().strip().endsWith("; attached nowhere"), gone.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "dump", "trace", "detach"})
    void shouldSayThatNothingIsPinned(String command) {
        XdpRun run = command.equals("dump")
                ? XdpRun.of("dump", "vips", "--name", "test-nothing")
                : XdpRun.of(command, "--name", "test-nothing");
        assertEquals(1, run.exitCode());
        assertTrue(
                run.err().startsWith("l4-forwarder: nothing is pinned at /sys/fs/bpf/penstock/test-nothing"),
                run.err());
    }

    @Test
    void shouldRefuseNamesThatLeadElsewhere() {
        XdpRun run = XdpRun.of("detach", "--yes", "--name", "../other");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("--name: must be 1 to 32 of a to z, 0 to 9 and - (was ../other)"), run.err());
    }

    @Test
    void shouldNotReadWhatAnotherVersionPinned() throws Exception {
        plane.config(9, 1, "10.0.0.1", "::1");
        XdpRun run = xdp("status");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("is of ABI 9, and this version reads 2"), run.err());
        assertEquals(0, xdp("detach").exitCode());
        assertTrue(Files.notExists(plane.pins()));
    }

    @Test
    void shouldDetachWhenNobodyIsInCharge() throws Exception {
        attach();
        int unused = namespace.call(() -> {
            // As a forwarder that was killed leaves it.
            TcFilter.attachEgress(plane.health().program("health"), ifindex, 1, HealthFilters.handle("another"));
            return TcFilter.attachEgress(
                            plane.health().program("health"), ifindex, 1, HealthFilters.handle(plane.name()))
                    .hashCode();
        });
        XdpRun refused = xdp("detach");
        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().contains("the forwarder with pid 4711 is in charge"), refused.err());
        assertTrue(namespace.call(() -> AttachedXdp.of(ifindex)).isPresent());
        assertTrue(
                namespace.run("tc", "filter", "show", "dev", "eth0", "egress").contains("health"));

        XdpRun done = xdp("detach", "--yes");
        assertEquals(0, done.exitCode(), done.err());
        assertTrue(done.out().contains("detached from eth0"), done.out());
        assertEquals(Optional.empty(), namespace.call(() -> AttachedXdp.of(ifindex)));
        String left = namespace.run("tc", "filter", "show", "dev", "eth0", "egress");
        assertTrue(left.contains("handle 0x" + Integer.toHexString(HealthFilters.handle("another"))), left);
        assertFalse(left.contains("handle 0x" + Integer.toHexString(HealthFilters.handle(plane.name()))), left);
        assertTrue(Files.notExists(plane.pins()));
        assertTrue(Files.notExists(plane.names()));
    }

    @Test
    void shouldDumpRings() throws Exception {
        List<JsonObject> shares = objects(xdp("dump", "rings", "--json").json());
        assertEquals(
                List.of(
                        "web current web/b1 65537",
                        "web previous web/b1 13107",
                        "web previous web/b2 52430",
                        "#3 current none 65536",
                        "#3 current #2 1"),
                shares.stream()
                        .map(one -> Words.text(one, "service") + " " + Words.text(one, "ring") + " "
                                + Words.text(one, "backend") + " " + Words.number(one, "slots"))
                        .toList());
        assertTrue(xdp("dump", "rings").out().contains("19.999 %"));
    }

    @Test
    void shouldDumpFlows() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertEquals(XDP_TX, plane.run(segment(40_000 + i, 2)).verdict());
        }
        List<JsonObject> flows = objects(xdp("dump", "flows", "--json").json());
        assertEquals(
                List.of(
                        "tcp 198.51.100.7:40000 192.0.2.10:80 web/b1",
                        "tcp 198.51.100.7:40001 192.0.2.10:80 web/b1",
                        "tcp 198.51.100.7:40002 192.0.2.10:80 web/b1",
                        "tcp 198.51.100.7:40003 192.0.2.10:80 web/b1",
                        "tcp 198.51.100.7:40004 192.0.2.10:80 web/b1"),
                flows.stream()
                        .map(one -> Words.text(one, "protocol") + " " + Words.text(one, "client") + " "
                                + Words.text(one, "vip") + " " + Words.text(one, "backend"))
                        .sorted()
                        .toList());
        assertEquals(3, xdp("dump", "flows", "--limit", "2").out().lines().count());
    }

    @Test
    void shouldDumpVipsServicesAndBackends() throws Exception {
        assertEquals(
                List.of(
                        "LISTEN PROTO SERVICE",
                        "192.0.2.10:80 tcp web",
                        "[2001:db8:9::10]:53 udp #3",
                        "[2001:db8:9::10]:8000-8099 udp #3"),
                xdp("dump", "vips")
                        .out()
                        .lines()
                        .map(line -> line.replaceAll(" +", " "))
                        .toList());
        assertEquals(3, objects(xdp("dump", "backends", "--json").json()).size());
        assertTrue(xdp("dump", "services").out().contains("not remembered"));
    }

    @Test
    void shouldTracePacketsAndStopTheProgramFromTelling() throws Exception {
        CompletableFuture<XdpRun> trace =
                CompletableFuture.supplyAsync(() -> XdpRun.of("trace", "--count", "3", "--name", plane.name()));
        NetworkNamespace.await("three lines", () -> {
            plane.run(segment(40_000, 0x12));
            return trace.isDone();
        });
        XdpRun run = trace.join();
        assertEquals(0, run.exitCode(), run.err());
        List<String> lines = run.out().lines().toList();
        assertEquals(3, lines.size());
        assertTrue(
                lines.get(0)
                        .matches(
                                "\\d\\d:\\d\\d:\\d\\d\\.\\d{6} tcp 198\\.51\\.100\\.7:40000 > 192\\.0\\.2\\.10:80 \\[S\\.\\] 40"
                                        + " -> web web/b1 forwarded"),
                lines.get(0));
        assertEquals(0, Words.number(xdp("status", "--json").json().getAsJsonObject(), "traceEvery", -1));
    }

    @Test
    void shouldEndATraceAfterItsTime() throws Exception {
        CompletableFuture<XdpRun> trace = CompletableFuture.supplyAsync(
                () -> XdpRun.of("trace", "--seconds", "1", "--json", "--every", "1", "--name", plane.name()));
        NetworkNamespace.await("its end", () -> {
            plane.run(segment(40_000, 2));
            return trace.isDone();
        });
        JsonObject packet = JsonParser.parseString(
                        trace.join().out().lines().findFirst().orElseThrow())
                .getAsJsonObject();
        assertEquals("S", Words.text(packet, "flags"));
        assertEquals(40, Words.number(packet, "length"));
        assertTrue(Words.instant(Words.text(packet, "at")).isPresent());
    }
}
