package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.penstock.events.EventLog;
import io.penstock.forwarder.balance.Selection;
import io.penstock.forwarder.config.AdmissionConfig;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ListenConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.PoolConfigs;
import io.penstock.forwarder.config.ProcessConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.ServiceConfig.Tcp;
import io.penstock.forwarder.config.ServiceConfig.Timeouts;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.operate.RefusedException;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A controller that goes from one configuration to another; nobody is checked, and no worker runs. */
@Timeout(60)
class ControllerApplyTest {
    private final List<String> sockets = new ArrayList<>();
    private Optional<String> refusal = Optional.empty();
    private Controller controller;

    @AfterEach
    void close() {
        if (controller != null) {
            controller.close();
        }
    }

    @Test
    void shouldKeepTheIndexOfEachServiceWhateverComesAndGoes() throws Exception {
        start(List.of(service("a", "p", 1), service("b", "p", 2)), pool("p", backend("x", 1)));
        apply(List.of(service("c", "p", 3), service("b", "p", 2)), pool("p", backend("x", 1)));
        assertEquals(List.of("a", "b", "c"), List.of(table().service(0).name(), name(1), name(2)));
        assertEquals(
                1, table().service(0).pool().size(), "a is gone, and who is queued at its listener is still served");
        assertEquals(1, table().service(1).pool().size());
        assertEquals(1, table().service(2).pool().size());
        apply(List.of(service("a", "p", 1)), pool("p", backend("x", 1)));
        assertEquals(1, table().service(0).pool().size(), "back at its index");
        apply(List.of(service("a", "p", 1)), pool("p", backend("x", 2)));
        assertTrue(table().service(2).isClosed(), "its listener is gone: who is being connected for it ends");
        assertEquals(0, table().service(2).pool().size());
        assertEquals(1, table().service(0).pool().size());
    }

    @Test
    void shouldHandOverListenersWithTheIndexOfTheirService() throws Exception {
        start(List.of(service("a", "p", 1)), pool("p", backend("x", 1)));
        apply(List.of(service("b", "p", 2, 3), service("a", "p", 1)), pool("p", backend("x", 1)));
        assertEquals(List.of("prepare 1@127.0.0.1:2 1@127.0.0.1:3 0@127.0.0.1:1", "commit of table 3"), sockets);
    }

    @Test
    void shouldChangeNothingWhenAnAddressCannotBeListenedOn() throws Exception {
        start(List.of(service("a", "p", 1)), pool("p", backend("x", 1)));
        apply(List.of(service("a", "p", 1)), pool("p", backend("x", 1)));
        ForwardingTable before = table();
        refusal = Optional.of("cannot listen on 127.0.0.1:2: Address already in use");
        RefusedException refused = assertThrows(
                RefusedException.class, () -> apply(List.of(service("b", "q", 2)), pool("q", backend("y", 1))));
        assertEquals("cannot listen on 127.0.0.1:2: Address already in use", refused.getMessage());
        assertSame(before, table());
        refusal = Optional.empty();
        apply(List.of(service("a", "p", 1)), pool("p", backend("x", 1), backend("y", 1)));
        assertEquals(2, table().service(0).pool().size());
    }

    @Test
    void shouldKeepLoadsOfBackendsThatStay() throws Exception {
        start(List.of(service("a", "p", 1)), pool("p", backend("x", 1), backend("y", 1)));
        Backend before = backends().get("x");
        apply(List.of(service("a", "p", 1)), pool("p", backend("x", 7), backend("z", 1)));
        assertSame(before.load(), backends().get("x").load());
        assertEquals(700, backends().get("x").weight());
        assertEquals(Set.of("x", "z"), backends().keySet());
        apply(List.of(service("a", "p", 1)), pool("p", new BackendConfig("x", "10.0.0.9", 80, 7), backend("z", 1)));
        assertNotSame(before.load(), backends().get("x").load(), "another server under the same name");
    }

    @Test
    void shouldKeepTheGroupsOfPoolsThatStay() throws Exception {
        start(
                List.of(service("a", "p", 1), service("b", "q", 2)),
                pool("p", backend("x", 1)),
                pool("q", backend("y", 1)));
        BackendPool before = table().service(0).pool();
        apply(
                List.of(service("a", "p", 1), service("b", "q", 2)),
                pool("p", backend("x", 1)),
                pool("q", backend("y", 2)));
        assertSame(before, table().service(0).pool());
    }

    @Test
    void shouldTakeNewNamesIntoTheSameTable() throws Exception {
        start(List.of(service("a", "p", 1)), pool("p", backend("x", 1)));
        apply(List.of(service("a", "q", 1)), pool("q", new BackendConfig("named", "localhost", 80, 1)));
        assertEquals(true, table().service(0).pool().size() > 0);
    }

    @Test
    void shouldCloseAServiceWhoseListenersStay() throws Exception {
        ForwarderConfig config = config(List.of(service("a", "p", 1)), pool("p", backend("x", 1)));
        start(config);
        controller.apply(config, ClientPlaces.unknown(Optional.empty()), Set.of("a"));
        assertTrue(table().service(0).isClosed());
        assertEquals(0, table().service(0).pool().size());
        assertEquals("prepare 0@127.0.0.1:1", sockets.get(0));
        controller.apply(config, ClientPlaces.unknown(Optional.empty()), Set.of());
        assertEquals(1, table().service(0).pool().size());
    }

    @Test
    void shouldRefuseOnceItStops() throws Exception {
        ForwarderConfig config = config(List.of(service("a", "p", 1)), pool("p", backend("x", 1)));
        start(config);
        controller.drain();
        assertThrows(RefusedException.class, () -> apply(List.of(service("a", "p", 1)), pool("p", backend("y", 1))));
    }

    /** Whatever came before, the last configuration gives each flow the backend that a fresh start gives it. */
    @Test
    void shouldPickAsAFreshStartDoesAfterAnySequenceOfConfigurations() throws Exception {
        for (int seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            start(random(random));
            ForwarderConfig last = random(random);
            for (int i = random.nextInt(5); i >= 0; i--) {
                last = random(random);
                controller.apply(last, ClientPlaces.unknown(Optional.empty()), Set.of());
            }
            Map<String, List<String>> picks = picks(last);
            controller.close();
            start(last);
            assertEquals(picks(last), picks, "seed " + seed);
            controller.close();
            controller = null;
        }
    }

    private static ForwarderConfig random(Random random) {
        List<PoolConfig> pools = new ArrayList<>();
        List<ServiceConfig> services = new ArrayList<>();
        for (String name : List.of("p", "q", "r")) {
            List<BackendConfig> backends = new ArrayList<>();
            for (String id : List.of("t", "u", "v", "w", "x")) {
                if (backends.isEmpty() || random.nextBoolean()) {
                    backends.add(backend(id, random.nextInt(4)));
                }
            }
            pools.add(pool(name, backends.toArray(new BackendConfig[0])));
        }
        for (String name : List.of("a", "b", "c")) {
            if (services.isEmpty() || random.nextBoolean()) {
                services.add(service(name, List.of("p", "q", "r").get(random.nextInt(3)), 1 + services.size()));
            }
        }
        return config(services, pools.toArray(new PoolConfig[0]));
    }

    /** By service; the pick of flow 0 comes first. */
    private Map<String, List<String>> picks(ForwarderConfig config) {
        Map<String, List<String>> picks = new TreeMap<>();
        Selection selection = new Selection(1);
        for (int index = 0; picks.size() < config.services().size(); index++) {
            if (config.services().containsKey(name(index))) {
                List<String> ids = new ArrayList<>();
                for (long flow = 0; flow < 200; flow++) {
                    selection.begin(0);
                    Backend backend = table().service(index).pool().select(Selection.mix(flow), 0, selection);
                    ids.add(backend == null ? "none" : backend.id());
                }
                picks.put(name(index), ids);
            }
        }
        return picks;
    }

    private String name(int index) {
        return table().service(index).name();
    }

    private ForwardingTable table() {
        return controller.publication().current();
    }

    /** Of the first service, by id. */
    private Map<String, Backend> backends() {
        Map<String, Backend> backends = new TreeMap<>();
        Selection selection = new Selection(1);
        for (int i = 0; i < 1_000; i++) {
            selection.begin(0);
            Backend backend = table().service(0).pool().select(selection.nextRandom(), 0, selection);
            if (backend != null) {
                backends.put(backend.id(), backend);
            }
        }
        return backends;
    }

    private void start(List<ServiceConfig> services, PoolConfig... pools) throws InterruptedException {
        start(config(services, pools));
    }

    private void start(ForwarderConfig config) throws InterruptedException {
        controller = new Controller(config, ClientPlaces.unknown(Optional.empty()), new EventLog(Clock.systemUTC()));
        controller.start(List.of(), new Sockets(), false);
    }

    private void apply(List<ServiceConfig> services, PoolConfig... pools)
            throws RefusedException, InterruptedException {
        controller.apply(config(services, pools), ClientPlaces.unknown(Optional.empty()), Set.of());
    }

    /** Takes note. */
    private final class Sockets implements Listeners {
        @Override
        public Change prepare(List<ListenerSpec> wanted) throws ListenException {
            if (refusal.isPresent()) {
                throw new ListenException(refusal.get());
            }
            StringBuilder line = new StringBuilder("prepare");
            wanted.forEach(spec ->
                    line.append(' ').append(spec.serviceIndex()).append('@').append(spec));
            sockets.add(line.toString());
            return new Change() {
                @Override
                public void commit() {
                    sockets.add("commit of table " + table().version());
                }

                @Override
                public void abandon() {
                    sockets.add("abandon");
                }
            };
        }
    }

    private static BackendConfig backend(String id, int weight) {
        return new BackendConfig(id, "10.0.0." + (int) id.charAt(0), 80, weight);
    }

    private static PoolConfig pool(String name, BackendConfig... backends) {
        return PoolConfigs.maglev(name, 1009, Optional.empty(), Duration.ofSeconds(10), backends);
    }

    private static ServiceConfig service(String name, String pool, int... ports) {
        List<ListenConfig> listen = new ArrayList<>();
        for (int port : ports) {
            listen.add(new ListenConfig(IpAddress.ofIpv4(0x7f000001), false, port, port));
        }
        return new ServiceConfig(
                name,
                listen,
                pool,
                List.of(),
                new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)),
                3,
                new Tcp(Optional.empty(), Optional.empty(), Optional.empty()),
                AdmissionConfig.OPEN,
                Optional.empty());
    }

    private static ForwarderConfig config(List<ServiceConfig> services, PoolConfig... pools) {
        Map<String, ServiceConfig> byName = new LinkedHashMap<>();
        services.forEach(service -> byName.put(service.name(), service));
        Map<String, PoolConfig> poolsByName = new LinkedHashMap<>();
        List.of(pools).forEach(pool -> poolsByName.put(pool.name(), pool));
        return new ForwarderConfig(
                Path.of("forwarder.yaml"),
                new FlowHash(1, 2),
                true,
                1,
                true,
                false,
                Duration.ofSeconds(1),
                Optional.empty(),
                ProcessConfig.DEFAULT,
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                byName,
                poolsByName,
                Set.of(),
                new JsonObject());
    }
}
