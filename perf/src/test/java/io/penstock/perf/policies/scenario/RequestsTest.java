package io.penstock.perf.policies.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

final class RequestsTest {
    private static final int MANY = 100_000;

    /** Three standard errors of the mean of so many exponentially distributed values. */
    private static final double THREE_ERRORS = 3 / Math.sqrt(MANY);

    @Test
    void shouldComeAtTheRateWithTheWorkAndFromAllClients() {
        Requests requests = new Requests();
        BitSet clients = new BitSet();
        double work = 0;
        Request request = requests.next();
        for (int i = 1; i < MANY; i++) {
            Request next = requests.next();
            assertTrue(next.atNs() >= request.atNs());
            request = next;
            clients.set(request.client());
            work += request.workNs();
        }
        assertEquals(Scenario.RATE, MANY / (request.atNs() / 1e9), Scenario.RATE * THREE_ERRORS);
        assertEquals(Scenario.MEAN_WORK_NS, work / MANY, Scenario.MEAN_WORK_NS * THREE_ERRORS);
        assertEquals(Scenario.CLIENTS, clients.cardinality());
        assertEquals(Scenario.CLIENTS, clients.length());
    }

    @Test
    void shouldBeTheSameForEveryPolicy() {
        Requests one = new Requests();
        Requests other = new Requests();
        for (int i = 0; i < 1_000; i++) {
            assertEquals(one.next(), other.next());
        }
    }
}
