package io.penstock.perf.policies.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.IpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ScenarioTest {
    @Test
    void shouldGiveEveryClientALoopbackAddressOfItsOwnAndEveryNetworkAsMany() {
        Set<IpAddress> addresses = new HashSet<>();
        Map<Integer, Integer> networks = new HashMap<>();
        for (int client = 0; client < Scenario.CLIENTS; client++) {
            IpAddress address = Scenario.address(client);
            assertTrue(address.isLoopback(), address::toString);
            addresses.add(address);
            networks.merge(address.ipv4() >>> Byte.SIZE, 1, Integer::sum);
        }
        assertEquals(Scenario.CLIENTS, addresses.size());
        assertEquals(Scenario.NETWORKS, networks.size());
        assertEquals(Set.of(Scenario.CLIENTS / Scenario.NETWORKS), new HashSet<>(networks.values()));
    }

    @Test
    void shouldGiveClientsEphemeralPorts() {
        for (int random : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            int port = Scenario.port(random);
            assertTrue(port >= 32_768 && port < 61_000, () -> "port " + port);
        }
    }

    @Test
    void shouldLetNobodyBeOverloadedAtEvenSharesAlsoWhileOneIsAway() {
        double slowestShareMax = 1.0 / (Scenario.BACKENDS - 1);
        double busy = Scenario.RATE
                * slowestShareMax
                * Scenario.serviceNs(Scenario.SLOW, Scenario.MEAN_WORK_NS)
                / 1e9
                / Scenario.SERVERS;
        assertTrue(busy < 1, () -> "busy for " + busy + " of the time");
    }
}
