package io.penstock.forwarder.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.Selection;
import io.penstock.forwarder.operate.ForwarderStatus.PortsLeft;
import io.penstock.forwarder.table.Backend;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the status says of the ports that there are for further connections to backends. */
@Timeout(60)
class PortsLeftTest {
    private static final String YAML = """
            services:
              given: { listen: "127.0.0.1:80" }
              plain: { listen: "127.0.0.1:81" }
            pools:
              given: { health: none, backends: ["10.0.0.1:80"], source: { addresses: [10.9.0.1, "2001:db8::1", 10.9.0.2] } }
              plain: { health: none, backends: ["10.0.0.1:80"] }
              foreign: { health: none, backends: ["10.0.0.1:80"], source: { addresses: ["2001:db8::1"] } }
              transparent: { health: none, backends: ["10.0.0.1:80"], source: { transparent: true } }
              portless: { health: none, backends: ["10.0.0.1"] }
              unix: { health: none, backends: ["unix:/run/app.sock"] }
            """;

    private static final int GIVEN = 0;
    private static final int PLAIN = 1;
    private static final int RANGE = LiveForwarder.PORT_RANGE;

    @TempDir
    Path directory;

    private LiveForwarder forwarder;

    @BeforeEach
    void start() throws Exception {
        forwarder = new LiveForwarder(directory, YAML);
    }

    @AfterEach
    void close() {
        forwarder.close();
    }

    private List<PortsLeft> left(String pool) {
        return forwarder.operations.status().pools().stream()
                .filter(one -> one.name().equals(pool))
                .findFirst()
                .orElseThrow()
                .backends()
                .get(0)
                .portsLeft();
    }

    /** As a worker has it. */
    private Backend backend(int service) {
        Selection selection = new Selection(1);
        selection.begin(0);
        return forwarder.service(service).pool().select(0, 0, selection);
    }

    @Test
    void shouldCountEachSourceOfTheBackendsFamily() {
        Backend backend = backend(GIVEN);
        backend.ports().onTaken(0);
        backend.ports().onTaken(1);
        backend.ports().onTaken(1);
        assertEquals(
                List.of(new PortsLeft("10.9.0.1", RANGE - 1), new PortsLeft("10.9.0.2", RANGE - 2)), left("given"));
        backend.ports().onReturned(1);
        assertEquals(new PortsLeft("10.9.0.2", RANGE - 1), left("given").get(1));
    }

    @Test
    void shouldCountConnectionsWhereTheKernelChooses() {
        assertTrue(backend(PLAIN).load().tryAcquire());
        assertEquals(List.of(new PortsLeft("kernel's choice", RANGE - 1)), left("plain"));
        assertEquals(List.of(new PortsLeft("kernel's choice", RANGE)), left("foreign"), "no source of its family");
    }

    @Test
    void shouldSayNothingWhereEachClientMayHaveItsOwn() {
        assertEquals(List.of(), left("transparent"));
        assertEquals(List.of(), left("portless"));
        assertEquals(List.of(), left("unix"));
    }
}
