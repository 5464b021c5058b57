package io.penstock.forwarder.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.flow.ListenerChange.Listening;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.SourceTable;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.forwarder.udp.Session.State;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionTest {
    private enum Event {
        REPLY,
        DATAGRAM,
        END
    }

    private final Session session = new Session(0);

    @ParameterizedTest
    @CsvSource({
        "ONE_WAY, REPLY, ANSWERED, true",
        "ONE_WAY, DATAGRAM, ONE_WAY, false",
        "ONE_WAY, END, FREE, false",
        "ANSWERED, REPLY, ANSWERED, false",
        "ANSWERED, DATAGRAM, ESTABLISHED, true",
        "ANSWERED, END, FREE, false",
        "ESTABLISHED, REPLY, ESTABLISHED, false",
        "ESTABLISHED, DATAGRAM, ESTABLISHED, false",
        "ESTABLISHED, END, FREE, false"
    })
    void shouldGoFromStateToStateByEvent(State from, Event event, State to, boolean told) {
        reach(from);
        boolean changed =
                switch (event) {
                    case REPLY -> session.onReplies(1, 1, 2);
                    case DATAGRAM -> session.onForwarded(1, 1, 0, 2);
                    case END -> {
                        session.end();
                        yield false;
                    }
                };
        assertEquals(to, session.state());
        assertEquals(told, changed);
    }

    @Test
    void shouldBeCompleteWhenEachDatagramHadItsReplies() {
        reach(State.ONE_WAY);
        session.onForwarded(2, 10, 3, 1);
        session.onReplies(5, 10, 2);
        assertFalse(session.isComplete());
        session.onReplies(1, 10, 3);
        assertTrue(session.isComplete());
    }

    @Test
    void shouldBeKnownByItsGenerationWhileItIsOpen() {
        assertFalse(session.isOf(0), "free");
        reach(State.ONE_WAY);
        assertTrue(session.isOf(1));
        assertFalse(session.isOf(2));
        session.end();
        assertFalse(session.isOf(1));
    }

    @Test
    void shouldTellOfTheFirstTimeThatItsBackendIsUnreachable() {
        reach(State.ESTABLISHED);
        assertTrue(session.onUnreachable());
        assertFalse(session.onUnreachable());
        session.onReplies(1, 1, 1);
        assertFalse(session.isUnreachable());
        assertFalse(session.onUnreachable());
        session.place(Pools.backend("c", RunningUdp.LOOPBACK, 1, 1), PoolQueue.NONE, BackendSockets.UNCOUNTED, 4, 0);
        assertTrue(session.onUnreachable(), "another backend");
    }

    @Test
    void shouldChainEntriesInOrderOnce() {
        assertEquals(-1, session.chain(4));
        assertEquals(4, session.chain(9));
        assertEquals(4, session.takeChain());
        assertEquals(-1, session.chain(2));
        assertEquals(2, session.takeChain());
    }

    private void reach(State state) {
        Endpoint endpoint = new Endpoint(RunningUdp.LOOPBACK, 1);
        ListenerSpec spec = new ListenerSpec(0, endpoint, false, BindOptions.NONE, UdpOptions.DEFAULT);
        session.open(1, new UdpListener(null, new Listening(3, spec, false), 0, 0), 0, false, 0);
        session.admitted(Admission.OPEN, SourceTable.UNTRACKED);
        session.place(Pools.backend("b", RunningUdp.LOOPBACK, 1, 1), PoolQueue.NONE, BackendSockets.UNCOUNTED, 4, 0);
        if (state != State.ONE_WAY) {
            session.onReplies(0, 0, 1);
        }
        if (state == State.ESTABLISHED) {
            session.onForwarded(0, 0, 0, 1);
        }
        assertEquals(state, session.state());
    }
}
