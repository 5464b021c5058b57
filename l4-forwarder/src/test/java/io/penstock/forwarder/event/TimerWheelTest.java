package io.penstock.forwarder.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TimerWheelTest {
    private static final long TICK_NS = 1 << 20;
    private static final long START_NS = -5_000_000_000_123L; // nanoTime may be negative

    private enum Act {
        SCHEDULE,
        CANCEL,
        ADVANCE
    }

    private record Step(Act act, int id, long ns) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        // Of every magnitude, so that each level is used: from below a tick to a month.
        Arbitrary<Long> spans = Arbitraries.integers().between(0, 51).flatMap(bits -> Arbitraries.longs()
                .between(0, 1L << bits));
        Arbitrary<Act> acts = Arbitraries.of(Act.SCHEDULE, Act.SCHEDULE, Act.CANCEL, Act.ADVANCE);
        return Combinators.combine(acts, Arbitraries.integers().between(0, 20), spans)
                .as(Step::new)
                .list()
                .ofMaxSize(120);
    }

    /** Against a map of deadlines that is searched each time. */
    @Property(tries = 2_000)
    void shouldFireNeitherEarlyNorMoreThanATickLate(@ForAll("steps") List<Step> steps) {
        TimerWheel wheel = new TimerWheel(START_NS);
        Map<Integer, Long> model = new HashMap<>();
        long nowNs = START_NS;
        for (Step step : steps) {
            switch (step.act()) {
                case SCHEDULE -> {
                    wheel.schedule(step.id(), nowNs + step.ns());
                    model.put(step.id(), nowNs + step.ns());
                }
                case CANCEL -> {
                    wheel.cancel(step.id());
                    model.remove(step.id());
                }
                case ADVANCE -> {
                    nowNs += step.ns();
                    expire(wheel, model, nowNs);
                }
            }
            assertEquals(model.size(), wheel.size());
            long waitNs = wheel.waitNs(nowNs);
            if (model.isEmpty()) {
                assertEquals(-1, waitNs);
            } else {
                long first =
                        model.values().stream().mapToLong(Long::longValue).min().orElseThrow();
                assertTrue(waitNs >= 0 && waitNs <= Math.max(0, first - nowNs) + TICK_NS, "waits too long");
            }
        }
        // As the worker does: sleep as long as the wheel says, until nothing is left.
        for (int turns = 0; !model.isEmpty(); turns++) {
            assertTrue(turns < 10_000, "never fires");
            nowNs += wheel.waitNs(nowNs);
            expire(wheel, model, nowNs);
        }
        assertEquals(0, wheel.size());
    }

    private static void expire(TimerWheel wheel, Map<Integer, Long> model, long nowNs) {
        List<Integer> fired = new ArrayList<>();
        int count = wheel.expire(nowNs, (id, now) -> {
            assertEquals(nowNs, now);
            fired.add(id);
        });
        assertEquals(count, fired.size());
        for (int id : fired) {
            Long deadlineNs = model.remove(id);
            assertTrue(deadlineNs != null, "fired but not scheduled");
            assertTrue(deadlineNs <= nowNs, "early");
        }
        model.values().forEach(deadlineNs -> assertTrue(deadlineNs > nowNs - TICK_NS, "late"));
    }

    /** What a connection does: each timer sets itself again; the model is a count. */
    @Property(tries = 200)
    void shouldLetHandlerScheduleAndCancel(@ForAll("steps") List<Step> steps) {
        TimerWheel wheel = new TimerWheel(START_NS);
        Map<Integer, Long> model = new HashMap<>();
        long nowNs = START_NS;
        for (int id = 0; id < 20; id++) {
            wheel.schedule(id, nowNs + TICK_NS);
            model.put(id, nowNs + TICK_NS);
        }
        for (Step step : steps) {
            nowNs += step.ns() % (100 * TICK_NS);
            int other = (step.id() + 1) % 20;
            wheel.expire(nowNs, (id, now) -> {
                assertTrue(model.remove(id) <= now, "early, or cancelled before");
                switch (step.act()) {
                    case SCHEDULE -> {
                        wheel.schedule(id, now + step.ns());
                        model.put(id, now + step.ns());
                    }
                    case CANCEL -> {
                        wheel.cancel(other);
                        model.remove(other);
                        wheel.cancel(id);
                    }
                    case ADVANCE -> {
                        wheel.schedule(other, now + step.ns());
                        model.put(other, now + step.ns());
                    }
                }
            });
            assertEquals(model.size(), wheel.size());
        }
    }

    /** A deadline of "now" must not keep one call of expire busy for ever. */
    @Example
    void shouldEndWhenHandlerAlwaysSchedulesForNow() {
        TimerWheel wheel = new TimerWheel(0);
        wheel.schedule(1, 0);
        int fired = wheel.expire(10 * TICK_NS, (id, now) -> wheel.schedule(id, now));
        assertTrue(fired >= 1 && fired <= 11, fired + " times");
        assertEquals(1, wheel.size());
    }

    @Example
    void shouldMoveTimerWhenScheduledAgain() {
        TimerWheel wheel = new TimerWheel(0);
        wheel.schedule(1, 5 * TICK_NS);
        wheel.schedule(1, 500 * TICK_NS);
        assertEquals(1, wheel.size());
        assertEquals(0, wheel.expire(100 * TICK_NS, (id, now) -> {}));
        assertEquals(1, wheel.expire(501 * TICK_NS, (id, now) -> {}));
    }

    @Example
    void shouldIgnoreCancelOfWhatIsNotScheduled() {
        TimerWheel wheel = new TimerWheel(0);
        wheel.cancel(1_000_000);
        wheel.schedule(3, TICK_NS);
        wheel.cancel(4);
        assertEquals(1, wheel.size());
    }
}
