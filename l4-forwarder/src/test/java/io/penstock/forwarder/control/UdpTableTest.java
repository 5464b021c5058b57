package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.events.EventLog;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ForwarderConfigReader;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.forwarder.table.Transport;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.forwarder.table.UdpOptions.Fragmentation;
import io.penstock.net.BindOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of services of UDP on their way from a file to the workers. */
@Timeout(60)
class UdpTableTest {
    private static final String DNS = "dns: { listen: \"127.0.0.1:53\", protocol: udp %s }";

    @TempDir
    private Path directory;

    private Controller controller;

    @AfterEach
    void close() {
        if (controller != null) {
            controller.close();
        }
    }

    @Test
    void shouldTellWorkersWhatTheFileSays() throws Exception {
        start(DNS.formatted(", responses: 1, timeouts: { idle: 2s }, udp: { mode: per-packet, rehome: 3s,"
                + " dont-fragment: always, receive-buffer: 64KiB, send-buffer: 65KiB }"));

        assertEquals(
                new UdpOptions(true, 1, 2_000_000_000L, 3_000_000_000L, Fragmentation.NEVER, 65_536, 66_560),
                service(0).udp());
    }

    @Test
    void shouldHaveTheSameDefaultsAsTheTable() throws Exception {
        start(DNS.formatted(""));
        assertEquals(UdpOptions.DEFAULT, service(0).udp());
        apply(DNS.formatted(", udp: { rehome: never, dont-fragment: never }"));
        assertEquals(Timeouts.NONE, service(0).udp().rehomeNs());
        assertEquals(Fragmentation.ALLOWED, service(0).udp().fragmentation());
    }

    @Test
    void shouldListenOnEveryPortOfARangeBesideTcp() throws Exception {
        List<ListenerSpec> specs = ListenerSpecs.of(read("""
                dns: { listen: ["*:5000-5001"], protocol: udp, udp: { interface: eth0, transparent: true } }
                  web: { listen: "*:5000", pool: dns }""").services().values());

        assertEquals(
                List.of("*:5000/udp at eth0", "*:5001/udp at eth0", "*:5000"),
                specs.stream().map(ListenerSpec::toString).toList());
        ListenerSpec first = specs.get(0);
        assertEquals(Transport.UDP, first.transport());
        assertEquals(new BindOptions("eth0", true), first.bind());
        assertEquals(UdpOptions.DEFAULT, first.udp());
        assertNull(first.tcp());
        assertEquals(Transport.TCP, specs.get(2).transport());
        assertEquals(1, specs.get(2).serviceIndex());
    }

    @Test
    void shouldTakeAnotherProtocolForAnotherService() throws Exception {
        start("dns: { listen: \"127.0.0.1:53\" }");
        apply(DNS.formatted(""));

        assertNull(service(0).udp(), "what is left of its connections goes on as TCP");
        assertEquals(1, service(0).pool().size(), "and so do those that the kernel has queued");
        assertEquals(UdpOptions.DEFAULT, service(1).udp());
        assertEquals(
                List.of("dns", "dns"), List.of(service(0).name(), service(1).name()));
        apply(DNS.formatted(", responses: 2"));
        assertTrue(service(0).isClosed(), "nobody listens for it any more");
        apply("dns: { listen: \"127.0.0.1:53\" }");
        assertEquals(1, service(0).pool().size(), "back at its index");
        assertNotEquals(null, service(1).udp(), "what is left of its sessions goes on as UDP");
    }

    @Test
    void shouldCountSessionsByTheirOwnLimit() throws Exception {
        start("web: { listen: \"127.0.0.1:80\", pool: dns }\n  " + DNS.formatted(""), "limits: { connections: 1 }\n");

        assertSame(Admission.OPEN, service(1).admission());
        assertEquals(Admission.Hold.NONE, service(0).admission().tryEnter(0));
        assertEquals(Admission.Hold.PROCESS_FULL, service(0).admission().tryEnter(0));
    }

    private Service service(int index) {
        ForwardingTable table = controller.publication().current();
        return table.service(index);
    }

    private void start(String services) throws Exception {
        start(services, "");
    }

    private void start(String services, String top) throws Exception {
        ForwarderConfig config = read(services, top);
        controller = new Controller(config, ClientPlaces.read(config), new EventLog(Clock.systemUTC()));
    }

    private void apply(String services) throws Exception {
        ForwarderConfig config = read(services);
        controller.apply(config, ClientPlaces.read(config), Set.of());
    }

    private ForwarderConfig read(String services) throws IOException {
        return read(services, "");
    }

    private ForwarderConfig read(String services, String top) throws IOException {
        Path file = Files.writeString(
                directory.resolve("f.yaml"),
                top + "services:\n  " + services
                        + "\npools: { dns: { health: none, backends: [\"127.0.0.9:53\"] } }\n");
        return ForwarderConfigReader.read(file);
    }
}
