package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.OpenFds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(OpenFds.class)
class ControlThreadTest {
    private static final long HOUR_NS = 3_600_000_000_000L;

    @Test
    void shouldWakeAtTheEarliestAlarmOnly() throws Exception {
        try (ControlThread thread = new ControlThread("test-ctl")) {
            List<String> woken = new ArrayList<>();
            CountDownLatch done = new CountDownLatch(1);
            thread.execute(() -> {
                thread.wakeAt(HOUR_NS, 0, () -> woken.add("late"));
                thread.wakeAt(1, 0, () -> {
                    woken.add("early");
                    // The clock can be set again, to a later time than the one that has passed.
                    thread.wakeAt(2, 1, () -> {
                        woken.add("again");
                        done.countDown();
                    });
                });
                thread.wakeAt(HOUR_NS / 2, 0, () -> woken.add("later than early"));
            });
            assertTrue(done.await(30, TimeUnit.SECONDS));
            assertEquals(List.of("early", "again"), woken);
        }
    }

    @Test
    void shouldEndAlthoughAnAlarmIsSetAndDoWhatWasAskedBefore() {
        ControlThread thread = new ControlThread("test-ctl");
        List<Integer> done = new ArrayList<>();
        thread.execute(() -> thread.wakeAt(HOUR_NS, 0, () -> done.add(-1)));
        for (int i = 0; i < 100; i++) {
            int number = i;
            thread.execute(() -> done.add(number));
        }
        thread.close();
        assertEquals(100, done.size());
        thread.execute(() -> done.add(-2));
        assertEquals(100, done.size(), "too late");
    }

    /** What sets an alarm may just be running when another thread closes; a bug would end this JVM. */
    @Test
    void shouldEndWhileAlarmsAreBeingSet() {
        for (int round = 0; round < 2_000; round++) {
            ControlThread thread = new ControlThread("test-ctl");
            for (int i = 0; i < 10; i++) {
                long deadlineNs = HOUR_NS - i;
                thread.execute(() -> thread.wakeAt(deadlineNs, 0, () -> {}));
            }
            thread.close();
        }
    }
}
