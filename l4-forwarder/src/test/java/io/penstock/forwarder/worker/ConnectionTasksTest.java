package io.penstock.forwarder.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.tcp.ScriptedConnections;
import io.penstock.forwarder.tcp.TcpForwarder;
import java.util.ArrayList;
import java.util.List;
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
            ConnectionReset reset = new ConnectionReset(tokens(tcp), ResetCause.KILL, answer::set);
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

    private static long[] tokens(TcpForwarder tcp) {
        List<ConnectionList> answers = new ArrayList<>();
        ConnectionSearch search = new ConnectionSearch((list, index) -> true, answers::add);
        boolean done = false;
        while (!done) {
            done = search.step(List.of(tcp));
        }
        long[] tokens = new long[answers.get(0).size()];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = answers.get(0).token(i);
        }
        return tokens;
    }
}
