package io.penstock.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private static final long TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final MockTicker clock = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(clock).build();
    private final AtomicInteger expired = new AtomicInteger();
    private Deadline deadline;

    @BeforeEach
    void begin() {
        deadline = new Deadline(channel.eventLoop(), TIMEOUT_NS, expired::incrementAndGet);
    }

    @AfterEach
    void close() {
        channel.close().syncUninterruptibly();
    }

    @Test
    void shouldExpireAtTimeout() {
        assertEquals(0, expiredAfterMs(499));
        assertEquals(1, expiredAfterMs(1));
        assertEquals(1, expiredAfterMs(10_000));
    }

    @Test
    void shouldGiveBackTimeThatLoopLost() {
        assertEquals(0, expiredAfterMs(800));
        assertEquals(0, expiredAfterMs(299));
        assertEquals(1, expiredAfterMs(1));
    }

    @Test
    void shouldGiveBackNoMoreThanTimeout() {
        assertEquals(0, expiredAfterMs(60_000));
        assertEquals(0, expiredAfterMs(499));
        assertEquals(1, expiredAfterMs(1));
    }

    /** Only once: a loop that is always late still ends its probes. */
    @Test
    void shouldGiveBackTimeOnce() {
        assertEquals(0, expiredAfterMs(800));
        assertEquals(1, expiredAfterMs(60_000));
    }

    @Test
    void shouldNotExpireWhenCancelled() {
        expiredAfterMs(800);
        deadline.cancel();
        assertEquals(0, expiredAfterMs(60_000));
    }

    /** The loop looks at its clock only after so much time. */
    private int expiredAfterMs(long ms) {
        clock.advanceMillis(ms);
        channel.runScheduledPendingTasks();
        return expired.get();
    }
}
