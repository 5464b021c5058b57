package io.penstock.forwarder.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;
import io.penstock.forwarder.flow.ConnectionDetails;
import io.penstock.forwarder.flow.Flows;
import io.penstock.forwarder.table.Transport;
import io.penstock.forwarder.tcp.ScriptedConnections;
import io.penstock.forwarder.tcp.TcpForwarder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Between two steps a worker serves its events: so a step is bounded, however many connections there are. */
class ConnectionTasksTest {
    private static final int OPEN = 5_000;

    @Test
    void shouldLookAtSoManyConnectionsInAStep() {
        try (ScriptedConnections connections = new ScriptedConnections(OPEN)) {
            TcpForwarder tcp = connections.tcp();
            AtomicInteger looked = new AtomicInteger();
            List<ConnectionList> answers = new ArrayList<>();
            ConnectionSearch search = new ConnectionSearch(
                    (list, index) -> {
                        looked.incrementAndGet();
                        return true;
                    },
                    answers::add);
            int steps = 1;
            while (!search.step(List.of(tcp))) {
                assertEquals(List.of(), answers, "not before the last step");
                assertEquals(steps * ConnectionSearch.SLOTS_PER_STEP, looked.get());
                steps++;
            }
            assertEquals(OPEN, looked.get());
            assertEquals(OPEN, answers.get(0).size());
            assertEquals((tcp.slots() + ConnectionSearch.SLOTS_PER_STEP - 1) / ConnectionSearch.SLOTS_PER_STEP, steps);
        }
    }

    @Test
    void shouldResetSoManyConnectionsInAStep() {
        try (ScriptedConnections connections = new ScriptedConnections(OPEN)) {
            TcpForwarder tcp = connections.tcp();
            AtomicInteger answer = new AtomicInteger(-1);
            ConnectionReset reset = new ConnectionReset(tokens(List.of(tcp)), ResetCause.KILL, answer::set);
            int open = OPEN;
            boolean done = false;
            while (!done) {
                assertEquals(-1, answer.get(), "not before the last step");
                done = reset.step(List.of(tcp));
                int now = tcp.openConnections();
                assertTrue(now < open && open - now <= ConnectionReset.RESETS_PER_STEP, open + " to " + now);
                open = now;
            }
            assertEquals(0, open);
            assertEquals(OPEN, answer.get());
        }
    }

    /** As after a start: a slot, and its generation, is used by either. */
    @Test
    void shouldFindConnectionsAndSessions() {
        FakeFlows tcp = new FakeFlows(EventKind.TCP_CLIENT, 3);
        FakeFlows udp = new FakeFlows(EventKind.UDP_BACKEND, 2);
        ConnectionList found = find(List.of(tcp, udp));
        List<Transport> transports = new ArrayList<>();
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < found.size(); i++) {
            transports.add(found.transport(i));
            ids.add(ConnectionId.of(0, found.token(i)));
        }
        assertEquals(List.of(Transport.TCP, Transport.TCP, Transport.TCP, Transport.UDP, Transport.UDP), transports);
        assertEquals(5, ids.size());
    }

    @Test
    void shouldEndEachByItsOwnProtocolAndCause() {
        FakeFlows tcp = new FakeFlows(EventKind.TCP_CLIENT, 3);
        FakeFlows udp = new FakeFlows(EventKind.UDP_BACKEND, 2);
        long[] all = tokens(List.of(tcp, udp));
        AtomicInteger answer = new AtomicInteger(-1);
        long[] one = {all[1], all[4]};
        assertTrue(new ConnectionReset(one, ResetCause.DRAIN, answer::set).step(List.of(tcp, udp)));
        assertEquals(2, answer.get());
        assertEquals(List.of(all[1]), tcp.drained);
        assertEquals(List.of(all[4]), udp.drained);
        assertTrue(new ConnectionReset(all, ResetCause.KILL, answer::set).step(List.of(tcp, udp)));
        assertEquals(3, answer.get(), "two are gone");
        assertEquals(List.of(all[0], all[2]), tcp.killed);
        assertEquals(List.of(all[3]), udp.killed);
    }

    /** Some that are open, in slots from 0, and some free slots after them. */
    private static final class FakeFlows implements Flows {
        private final List<Long> open = new ArrayList<>();
        private final List<Long> drained = new ArrayList<>();
        private final List<Long> killed = new ArrayList<>();

        private FakeFlows(int kind, int count) {
            for (int slot = 0; slot < count; slot++) {
                open.add(EventToken.of(1, slot, kind));
            }
        }

        @Override
        public int slots() {
            return open.size() + 5;
        }

        @Override
        public boolean tryDescribe(int slot, ConnectionDetails details) {
            if (slot >= open.size()) {
                return false;
            }
            details.identify(open.get(slot), "service", null, "established");
            return true;
        }

        @Override
        public boolean tryDrain(long token) {
            return open.remove(token) && drained.add(token);
        }

        @Override
        public boolean tryKill(long token) {
            return open.remove(token) && killed.add(token);
        }
    }

    private static ConnectionList find(List<Flows> protocols) {
        List<ConnectionList> answers = new ArrayList<>();
        ConnectionSearch search = new ConnectionSearch((list, index) -> true, answers::add);
        boolean done = false;
        while (!done) {
            done = search.step(protocols);
        }
        return answers.get(0);
    }

    private static long[] tokens(List<Flows> protocols) {
        ConnectionList found = find(protocols);
        long[] tokens = new long[found.size()];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = found.token(i);
        }
        return tokens;
    }
}
