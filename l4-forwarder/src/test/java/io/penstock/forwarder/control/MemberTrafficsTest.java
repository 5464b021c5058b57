package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.FlowOutcome;
import io.penstock.forwarder.operate.MemberTraffic;
import org.junit.jupiter.api.Test;

class MemberTrafficsTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final BackendLoad load = new BackendLoad();
    private final MemberTraffics traffics = new MemberTraffics(load);

    private long recent(long atSeconds) {
        return traffics.look(atSeconds * SECOND_NS)
                .times()
                .get("connect")
                .recent()
                .count();
    }

    @Test
    void shouldKnowWhatIsRecentFromEarlierLooks() {
        load.traffic().onConnected(1);
        assertEquals(1, recent(-1_000), "all, at first");
        load.traffic().onConnected(1);
        assertEquals(2, recent(-995), "the window before counts too");
        assertEquals(1, recent(-990), "since the first look");
        load.traffic().onConnected(1);
        assertEquals(2, recent(-985));
        assertEquals(1, recent(-980));
        assertEquals(0, recent(-970));
        assertEquals(
                3, traffics.look(0).times().get("connect").all().count(), "and all of them since the backend is known");
    }

    @Test
    void shouldSumUpWhatTheBackendFailed() {
        load.traffic().onEnded(FlowOutcome.BACKEND_RESET);
        load.traffic().onEnded(FlowOutcome.BACKEND_TIMED_OUT);
        load.traffic().onEnded(FlowOutcome.CLIENT_FAILED);
        load.traffic().onBytes(1, 2, 3, 4);
        MemberTraffic traffic = traffics.look(0);
        assertEquals(2, traffic.failures());
        assertEquals(FlowOutcome.values().length, traffic.ended().size());
        assertEquals(1, traffic.ended().get("client_failed"));
        assertEquals(3, traffic.toBackend().all());
        assertEquals(7, traffic.toClients().all());
        assertEquals(4, traffic.toClients().spliced());
    }
}
