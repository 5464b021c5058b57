package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.events.EventLog;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ForwarderConfigReader;
import io.penstock.forwarder.control.Controller.ServiceView;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.operate.ServiceHealth;
import io.penstock.forwarder.operate.ServingState;
import io.penstock.forwarder.table.PacketService;
import io.penstock.forwarder.table.PacketTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A controller with a data plane of packets, which takes note, and workers that nothing comes to. */
@Timeout(60)
class PacketControllerTest {
    private static final String WEB = "web: { mode: dsr, listen: \"192.0.2.10:80\" }";

    @TempDir
    private Path directory;

    private final RecordedPlane plane = new RecordedPlane();
    private final Clock clock = Clock.systemUTC();
    private Controller controller;

    @AfterEach
    void close() {
        controller.close();
    }

    private ForwarderConfig read(String services, String backends) throws IOException {
        return ForwarderConfigReader.read(
                Files.writeString(directory.resolve("f.yaml"), """
                xdp: { interfaces: eth0 }
                services: { proxied: { listen: "127.0.0.1:80", pool: other }, %s }
                pools: { web: { health: none, backends: [%s] }, other: { health: none, backends: ["10.0.0.1:80"] } }
                """.formatted(services, backends)));
    }

    private PacketTable start(String services, String backends) throws Exception {
        ForwarderConfig config = read(services, backends);
        controller = new Controller(config, ClientPlaces.read(config), new EventLog(clock));
        controller.tell(plane);
        controller.start(List.of(), Listeners.NONE, false);
        return plane.next();
    }

    private PacketTable apply(String services, String backends, String... closed) throws Exception {
        ForwarderConfig config = read(services, backends);
        controller.apply(config, ClientPlaces.read(config), Set.of(closed));
        return plane.next();
    }

    @Test
    void shouldTellEachTableOnce() throws Exception {
        PacketTable first = start(WEB, "\"10.0.0.11\"");
        PacketTable second = apply(WEB, "\"10.0.0.11\", { address: 10.0.0.12, state: drain }");

        assertEquals("[10.0.0.11 UP]", RecordedPlane.states(first.services().get(0)));
        assertEquals(
                "[10.0.0.11 UP, 10.0.0.12 DRAINING]",
                RecordedPlane.states(second.services().get(0)));
        assertTrue(second.version() > first.version());
        assertEquals(first.flowHash(), second.flowHash(), "a reload moves nobody");
        PacketTable third = apply(WEB, "{ id: new, address: 10.0.0.12 }");
        assertEquals("[new UP]", RecordedPlane.states(third.services().get(0)), "who is not in the file is not told");
        assertEquals(0, plane.tables.size());
    }

    @Test
    void shouldKeepTheFlowsOfServicesThatAreClosed() throws Exception {
        assertEquals(1, start(WEB, "\"10.0.0.11\"").services().get(0).pool().size());

        PacketService closed = apply(WEB, "\"10.0.0.11\"", "web").services().get(0);

        assertEquals("[10.0.0.11 DRAINING]", RecordedPlane.states(closed));
        assertEquals(0, closed.pool().size(), "nobody new comes");
        PacketService changed =
                apply(WEB, "\"10.0.0.11\", \"10.0.0.12\"", "web").services().get(0);
        assertEquals("[10.0.0.11 DRAINING, 10.0.0.12 DRAINING]", RecordedPlane.states(changed));
        assertSame(closed.pool(), changed.pool(), "not another ring for each table");
        PacketService open = apply(WEB, "\"10.0.0.11\"").services().get(0);
        assertEquals("[10.0.0.11 UP]", RecordedPlane.states(open));
        assertEquals(1, open.pool().size());
    }

    @Test
    void shouldForgetServicesThatGo() throws Exception {
        assertEquals(List.of("web"), RecordedPlane.names(start(WEB, "\"10.0.0.11\"")));
        assertEquals(
                List.of(),
                RecordedPlane.names(apply("web: { listen: \"192.0.2.10:80\" }", "\"10.0.0.11\"")),
                "a proxy now");
    }

    @Test
    void shouldKnowOfNoConnections() throws Exception {
        PacketTable unused = start(WEB, "\"10.0.0.11\"");

        ServiceView view = controller.services(Set.of("web", "proxied")).get("web");

        assertEquals(new ServiceView(0, 0, 0, List.of()), view);
        assertEquals(
                "proxied", controller.publication().current().service(0).name(), "the only one of the workers' table");
    }

    @Test
    void shouldSayWhenPacketsAreNotForwarded() throws Exception {
        PacketTable unused = start(WEB, "\"10.0.0.11\"");
        await(() -> state() == ServingState.SERVED);

        plane.trouble = Optional.of("eth0 is gone");

        await(() -> state() == ServingState.NOT_SERVED);
        plane.trouble = Optional.empty();
        await(() -> state() == ServingState.SERVED);
    }

    /** Agents ask at any time, and are to hear of a control thread that cannot say anything any more. */
    @Test
    void shouldSayThatTheLeaseIsOverWhenItHangs() throws Exception {
        PacketTable unused = start(WEB, "\"10.0.0.11\"");
        await(() -> state() == ServingState.SERVED);
        plane.mayTurn = new CountDownLatch(1);
        int before = plane.controlTurns.get();
        await(() -> plane.controlTurns.get() > before);

        plane.trouble = Optional.of("the lease is over");

        assertEquals(ServingState.NOT_SERVED, state());
        plane.trouble = Optional.empty();
        assertEquals(ServingState.SERVED, state());
        plane.mayTurn.countDown();
    }

    /** What a direct check finds is not what packets find. */
    @Test
    void shouldCheckNobodyBeforeThePlaneIsThere() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            plane.there = false;
            plane.left = Optional.of(true);
            assertFalse(startChecked(server, "down").services().get(0).settled());
            assertNull(plane.tables.poll(500, TimeUnit.MILLISECONDS), "nothing was found");

            plane.there = true;
            controller.onMarksChanged();

            PacketTable table = plane.next();
            assertEquals("[127.0.0.1 UP]", RecordedPlane.states(table.services().get(0)), "as it was left");
            while (!table.services().get(0).settled()) {
                table = plane.next();
                assertEquals(
                        "[127.0.0.1 UP]", RecordedPlane.states(table.services().get(0)));
            }
        }
    }

    @Test
    void shouldCheckNobodyBeforeTheWayIsKnown() throws Exception {
        try (ServerSocket unasked = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            plane.reaching = false;
            assertFalse(startChecked(unasked, "down", "vip").services().get(0).settled());
            assertNull(plane.tables.poll(250, TimeUnit.MILLISECONDS), "nothing was found");

            plane.reaching = true;

            assertTrue(plane.next().services().get(0).settled());
        }
    }

    /** Of one that is switched off it never is. */
    @Test
    void shouldNotWaitForAWayForEver() throws Exception {
        try (ServerSocket unasked = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            plane.reaching = false;
            assertFalse(startChecked(unasked, "down", "vip").services().get(0).settled());

            assertTrue(plane.next().services().get(0).settled());
        }
    }

    @Test
    void shouldBeginWithWhatTheProcessBeforeLeft() throws Exception {
        ServerSocket gone = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        gone.close();
        plane.left = Optional.of(false);

        PacketTable table = startChecked(gone, "fully-up");

        while (!table.services().get(0).settled()) {
            table = plane.next();
        }
        assertEquals("[127.0.0.1 DOWN]", RecordedPlane.states(table.services().get(0)), "at the first result");
    }

    private PacketTable startChecked(ServerSocket server, String initial) throws Exception {
        return startChecked(server, initial, "direct");
    }

    private PacketTable startChecked(ServerSocket server, String initial, String path) throws Exception {
        ForwarderConfig config = ForwarderConfigReader.read(
                Files.writeString(directory.resolve("f.yaml"), """
                xdp: { interfaces: eth0, health-path: %s }
                services: { web: { mode: dsr, listen: "192.0.2.10:%d" } }
                pools:
                  web:
                    health: { tcp: {}, interval: 100ms, timeout: 100ms, fall: 100, initial: %s }
                    backends: ["127.0.0.1"]
                """.formatted(path, server.getLocalPort(), initial)));
        controller = new Controller(config, ClientPlaces.read(config), new EventLog(clock));
        controller.tell(plane);
        controller.start(List.of(), Listeners.NONE, false);
        return plane.next();
    }

    /** Within the shortest lease, in which a plane takes a control thread that says nothing for dead. */
    @Test
    void shouldSayThatItLooksAfterThePlane() throws Exception {
        PacketTable unused = start(WEB, "\"10.0.0.11\"");
        int before = plane.controlTurns.get();

        await(() -> plane.controlTurns.get() >= before + 3);
    }

    private ServingState state() {
        return controller.health().vips().services().stream()
                .filter(service -> service.name().equals("web"))
                .map(ServiceHealth::state)
                .findFirst()
                .orElseThrow();
    }

    private static void await(BooleanSupplier condition) {
        for (int i = 0; i < 3000 && !condition.getAsBoolean(); i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertTrue(condition.getAsBoolean());
    }
}
