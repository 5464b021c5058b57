package io.penstock.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WatchdogTest {
    private static final Duration LIMIT = Duration.ofHours(1);

    private final AtomicInteger told = new AtomicInteger();
    private final Scripted worker = new Scripted("fwd-w0");
    private final Scripted control = new Scripted("fwd-ctl");
    private final Watchdog watchdog =
            new Watchdog(LIMIT, List.of(worker, control), told::incrementAndGet, "fwd-watchdog");

    /** Answers as a test says. */
    private static final class Scripted implements Watchdog.Watched {
        private final String name;
        private int asked;
        private long signs;
        private boolean hangs;
        private boolean ended;

        Scripted(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void ask() {
            asked++;
            if (!hangs) {
                signs++;
            }
        }

        @Override
        public long signs() {
            return signs;
        }

        @Override
        public boolean hasEnded() {
            return ended;
        }
    }

    @Test
    void shouldTellTheManagerEachTimeAllHaveAnswered() {
        watchdog.look();
        watchdog.look();
        assertEquals(2, told.get());
    }

    @Test
    void shouldNotTellWhenOneHangs() {
        watchdog.look();
        worker.hangs = true;
        watchdog.look();
        watchdog.look();
        watchdog.look();
        assertEquals(2, told.get(), "the last time by the answer it gave before it hung");
        assertEquals(3, worker.asked, "asked once for each answer");
    }

    @Test
    void shouldTellAgainWhenItGoesOn() {
        worker.hangs = true;
        watchdog.look();
        watchdog.look();
        assertEquals(1, told.get());
        worker.hangs = false;
        worker.signs++;
        watchdog.look();
        watchdog.look();
        assertEquals(3, told.get());
    }

    @Test
    void shouldExpectNothingOfWhoHasEnded() {
        worker.hangs = true;
        worker.ended = true;
        watchdog.look();
        watchdog.look();
        assertEquals(2, told.get());
    }

    @Test
    @Timeout(30)
    void shouldTellByItselfUntilItIsClosed() throws Exception {
        CountDownLatch five = new CountDownLatch(5);
        Watchdog running =
                Watchdog.start(Duration.ofMillis(4), List.of(new Scripted("fwd-w1")), five::countDown, "fwd-watchdog");
        five.await();
        running.close();
        assertEquals(0, five.getCount());
    }
}
