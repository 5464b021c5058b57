package io.penstock.forwarder.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.penstock.forwarder.balance.Selection;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class SourceAffinityTest {
    private static final long TIMEOUT_NS = 1_000_000;
    private static final long YEAR_NS = 365L * 86_400 * 1_000_000_000;

    record Step(int source, int serial, long afterNs) {}

    @Provide
    static Arbitrary<Step> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, SourceAffinity.MAX_SERIAL),
                        Arbitraries.longs().between(0, 2 * TIMEOUT_NS))
                .as(Step::new);
    }

    private record Visit(int serial, long atNs) {}

    /** Six sources in sets of eight: none is ever forgotten for want of room. */
    @Property
    void shouldRememberAsLongAsAMapWithTimesDoes(
            @ForAll @Size(max = 60) List<@From("steps") Step> steps,
            @ForAll @LongRange(min = -YEAR_NS, max = YEAR_NS) long beginNs) {
        SourceAffinity affinity = new SourceAffinity(64, TIMEOUT_NS);
        Map<Integer, Visit> model = new HashMap<>();
        long nowNs = beginNs;
        for (Step step : steps) {
            nowNs += step.afterNs();
            for (int source = 0; source <= 5; source++) {
                assertAgrees(model.get(source), affinity.find(hash(source), nowNs), nowNs);
            }
            affinity.remember(hash(step.source()), step.serial(), nowNs);
            model.put(step.source(), new Visit(step.serial(), nowNs));
        }
    }

    private static void assertAgrees(Visit visit, int found, long nowNs) {
        if (visit == null) {
            assertEquals(SourceAffinity.NONE, found);
        } else if (nowNs - visit.atNs() <= TIMEOUT_NS) {
            assertEquals(visit.serial(), found, "within the timeout");
        } else if (nowNs - visit.atNs() > TIMEOUT_NS + TIMEOUT_NS / 128) {
            assertEquals(SourceAffinity.NONE, found, "after the timeout");
        }
    }

    private static long hash(int source) {
        return Selection.mix(source + 0x9e3779b97f4a7c15L);
    }

    @Property
    void shouldForgetTheOneThatCameLongestAgoWhenASetIsFull(@ForAll @IntRange(min = 9, max = 40) int sources) {
        // One source wanted makes one set.
        SourceAffinity affinity = new SourceAffinity(1, TIMEOUT_NS);
        for (int source = 0; source < sources; source++) {
            affinity.remember(hash(source), source, source * TIMEOUT_NS / 100);
        }
        for (int source = 0; source < sources; source++) {
            int expected = source < sources - 8 ? SourceAffinity.NONE : source;
            assertEquals(expected, affinity.find(hash(source), sources * TIMEOUT_NS / 100), "source " + source);
        }
    }

    @Property
    void shouldStillKnowASourceWhenAnotherWorkersClockIsBehind(
            @ForAll @LongRange(min = -YEAR_NS, max = YEAR_NS) long nowNs,
            @ForAll @LongRange(max = TIMEOUT_NS / 2) long behindNs) {
        SourceAffinity affinity = new SourceAffinity(1, TIMEOUT_NS);
        affinity.remember(1, 7, nowNs);
        assertEquals(7, affinity.find(1, nowNs - behindNs));
    }

    @Example
    void shouldRemember99In100OfTheSourcesItIsMadeFor() {
        int sources = 65_536;
        SourceAffinity affinity = new SourceAffinity(sources, TIMEOUT_NS);
        IntStream.range(0, sources).forEach(source -> affinity.remember(hash(source), source % 100, 0));
        long known = IntStream.range(0, sources)
                .filter(source -> affinity.find(hash(source), 0) == source % 100)
                .count();
        assertTrue(known > 0.99 * sources, known + " of " + sources);
    }

    @Example
    void shouldKnowAlmostNoStranger() {
        SourceAffinity affinity = new SourceAffinity(65_536, TIMEOUT_NS);
        IntStream.range(0, 131_072).forEach(source -> affinity.remember(hash(source), 1, 0));
        long known = IntStream.range(1_000_000, 2_000_000)
                .filter(source -> affinity.find(hash(source), 0) != SourceAffinity.NONE)
                .count();
        // Of a million, 0.4 are expected to meet an entry with their tag.
        assertTrue(known < 10, known + " strangers");
    }

    @Example
    void shouldAllocateNothing() {
        SourceAffinity affinity = new SourceAffinity(1000, TIMEOUT_NS);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        visit(affinity, 20_000);
        long before = thread.getCurrentThreadAllocatedBytes();
        visit(affinity, 100_000);
        assertTrue(thread.getCurrentThreadAllocatedBytes() - before < 10_000);
    }

    private static int visit(SourceAffinity affinity, int times) {
        int found = 0;
        for (int i = 0; i < times; i++) {
            affinity.remember(hash(i % 3000), i % 7, i);
            found += affinity.find(hash(i % 3000), i);
        }
        return found;
    }

    /** Each source belongs to one thread but all share the sets: what a thread reads is what it wrote, or nothing. */
    @Example
    void shouldNeverMixSourcesUpWhenThreadsRace() throws Exception {
        int threads = 4;
        SourceAffinity affinity = new SourceAffinity(64, TIMEOUT_NS);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Integer>> racers = IntStream.range(0, threads)
                    .mapToObj(thread -> (Callable<Integer>) () -> race(affinity, thread))
                    .toList();
            int remembered = 0;
            for (Future<Integer> racer : executor.invokeAll(racers)) {
                remembered += racer.get();
            }
            assertTrue(remembered > threads * 50_000, remembered + " of " + threads * 100_000);
        } finally {
            executor.shutdownNow();
        }
    }

    private static int race(SourceAffinity affinity, int thread) {
        int remembered = 0;
        for (int i = 0; i < 100_000; i++) {
            int source = thread + 4 * (i % 20);
            int serial = 4 * (i % 1000) + thread;
            affinity.remember(hash(source), serial, i);
            int found = affinity.find(hash(source), i);
            assertTrue(found == SourceAffinity.NONE || found % 4 == thread, () -> found + " found by " + thread);
            remembered += found == serial ? 1 : 0;
        }
        return remembered;
    }

    @Example
    void shouldHoldEverySerialNumber() {
        SourceAffinity affinity = new SourceAffinity(1, TIMEOUT_NS);
        for (int serial = 0; serial <= SourceAffinity.MAX_SERIAL; serial++) {
            affinity.remember(0, serial, 0);
            assertEquals(serial, affinity.find(0, 0));
        }
    }
}
