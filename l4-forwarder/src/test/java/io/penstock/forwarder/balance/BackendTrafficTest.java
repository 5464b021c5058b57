package io.penstock.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BackendTrafficTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 20_000;

    @Test
    void shouldHaveBoundsFourTimesAsLongEachUpToLongerThanAnyTimeout() {
        assertEquals(11, BackendTraffic.SCALE.size());
        assertEquals(65.536e-6, BackendTraffic.SCALE.bound(0), 1e-12);
        assertEquals(4 * 65.536e-6, BackendTraffic.SCALE.bound(1), 1e-12);
        assertEquals(17.179869184, BackendTraffic.SCALE.bound(9), 1e-12);
    }

    @Test
    @SuppressWarnings("EnumOrdinal") // another number for each
    void shouldKeepEveryNumberApart() {
        BackendTraffic traffic = new BackendTraffic();
        traffic.onBytes(1, 20, 300, 4_000);
        for (FlowOutcome outcome : FlowOutcome.values()) {
            for (int i = 0; i <= outcome.ordinal(); i++) {
                traffic.onEnded(outcome);
            }
        }
        traffic.onConnected(70_000);
        traffic.onFirstByte(0);
        assertEquals(1, traffic.bytesTo(false));
        assertEquals(20, traffic.bytesTo(true));
        assertEquals(300, traffic.bytesFrom(false));
        assertEquals(4_000, traffic.bytesFrom(true));
        for (FlowOutcome outcome : FlowOutcome.values()) {
            assertEquals(outcome.ordinal() + 1, traffic.ended(outcome));
        }
        assertEquals(1, traffic.connects().count());
        assertEquals(1, traffic.connects().count(1));
        assertEquals(1, traffic.firstBytes().count());
        assertEquals(1, traffic.firstBytes().count(0));
    }

    @Test
    void shouldLoseNothingThatSeveralWorkersTell() throws Exception {
        BackendTraffic traffic = new BackendTraffic();
        ExecutorService workers = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> told = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                told.add(workers.submit(() -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        traffic.onBytes(3, 0, 5, 0);
                        traffic.onConnected(1);
                        traffic.onEnded(FlowOutcome.COMPLETED);
                    }
                }));
            }
            for (Future<?> one : told) {
                one.get();
            }
        } finally {
            workers.shutdown();
        }
        assertEquals(3L * THREADS * ROUNDS, traffic.bytesTo(false));
        assertEquals(5L * THREADS * ROUNDS, traffic.bytesFrom(false));
        assertEquals(THREADS * ROUNDS, traffic.connects().count(0));
        assertEquals(THREADS * ROUNDS, traffic.ended(FlowOutcome.COMPLETED));
    }
}
