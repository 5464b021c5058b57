package io.penstock.forwarder.flowlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.penstock.forwarder.config.FlowLogConfig;
import io.penstock.forwarder.flow.FlowEnd;
import org.junit.jupiter.api.Test;

class FlowQueueTest {
    private static final Sampling ALL = new Sampling(FlowLogConfig.ALL, false);

    private final FlowQueue queue = new FlowQueue(0, 4);

    @Test
    void shouldTakeNothingBeforeItIsToldTo() {
        assertNull(queue.tryBegin(1, true));
        assertNull(queue.poll());
        assertEquals(0, queue.dropped());
    }

    @Test
    void shouldHandOverInOrder() {
        queue.sample(ALL);
        FlowEnd first = queue.tryBegin(1, false);
        queue.onEnded(first);
        FlowEnd second = queue.tryBegin(2, false);
        queue.onEnded(second);
        assertSame(first, queue.poll());
        assertSame(second, queue.poll());
        assertNull(queue.poll());
    }

    @Test
    void shouldDropAndCountWhenThereIsNoRoom() {
        queue.sample(ALL);
        for (int i = 0; i < 4; i++) {
            queue.onEnded(Ends.tcp(queue.tryBegin(i, false)));
        }
        assertNull(queue.tryBegin(5, false));
        assertNull(queue.tryBegin(6, false));
        assertEquals(2, queue.dropped());
        queue.free(queue.poll());
        assertNotNull(queue.tryBegin(7, false));
        assertEquals(2, queue.dropped());
    }

    @Test
    void shouldKeepNothingOfAFlowAlive() {
        queue.sample(ALL);
        queue.onEnded(Ends.tcp(queue.tryBegin(1, false)));
        FlowEnd end = queue.poll();
        queue.free(end);
        assertNull(end.backend());
        assertNull(end.service());
        assertNull(end.listener());
    }

    /** A second time it has its records already. */
    @Test
    void shouldGoOnWithTheSameRecords() {
        queue.sample(ALL);
        queue.sample(Sampling.NONE);
        assertNull(queue.tryBegin(1, false));
        queue.sample(ALL);
        for (int i = 0; i < 4; i++) {
            assertNotNull(queue.tryBegin(i, false));
        }
        assertNull(queue.tryBegin(5, false));
    }
}
