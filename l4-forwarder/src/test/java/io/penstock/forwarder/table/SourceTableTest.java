package io.penstock.forwarder.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.penstock.forwarder.balance.Selection;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SourceTableTest {
    private static final int UNLIMITED = SourceTable.MAX_CONNECTIONS;
    private static final long YEAR_NS = 365L * 86_400 * 1_000_000_000;
    private static final TokenRate RATE = new TokenRate(160, 3);

    record Step(int source, boolean enter, long afterNs) {}

    @Provide
    static Arbitrary<Step> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.of(true, true, false),
                        Arbitraries.longs().between(0, 200))
                .as(Step::new);
    }

    private static final class Model {
        private final TokenBucket bucket;
        private final Deque<Integer> entries = new ArrayDeque<>();

        private Model(long beginNs) {
            bucket = new TokenBucket(beginNs);
        }
    }

    /** Eight sources in a set of eight: none is forgotten. */
    @Property
    void shouldLimitAsAMapOfCountsAndBucketsDoes(
            @ForAll @Size(max = 300) List<@From("steps") Step> steps,
            @ForAll @IntRange(min = 1, max = 4) int limit,
            @ForAll @LongRange(min = -YEAR_NS, max = YEAR_NS) long beginNs) {
        SourceTable table = new SourceTable(4, beginNs);
        Map<Integer, Model> model = new HashMap<>();
        long nowNs = beginNs;
        for (Step step : steps) {
            // Multiples of the table's unit: so coarse is its clock.
            nowNs += step.afterNs() / SourceTable.UNIT_NS * SourceTable.UNIT_NS;
            Model source = model.computeIfAbsent(step.source(), key -> new Model(beginNs));
            if (step.enter()) {
                int entry = table.enter(hash(step.source()), limit, RATE, nowNs);
                if (source.entries.size() == limit) {
                    assertEquals(SourceTable.TOO_MANY, entry);
                } else if (source.bucket.tryTake(RATE, nowNs)) {
                    assertTrue(entry >= 0, "let in");
                    source.entries.push(entry);
                } else {
                    assertEquals(SourceTable.TOO_FAST, entry);
                }
            } else if (!source.entries.isEmpty()) {
                table.leave(source.entries.pop());
            }
            assertEquals(
                    model.values().stream().mapToInt(one -> one.entries.size()).sum(), table.connections());
        }
    }

    @Test
    void shouldLetInUntrackedWhenAllOfASetHaveConnections() {
        SourceTable table = new SourceTable(4, 0);
        for (int source = 0; source < 8; source++) {
            assertTrue(table.enter(hash(source), 1, RATE, 0) >= 0);
        }
        assertEquals(SourceTable.UNTRACKED, table.enter(hash(8), 1, RATE, 0));
        assertEquals(SourceTable.TOO_MANY, table.enter(hash(3), 1, RATE, 0));
        assertEquals(8, table.connections());
    }

    @Test
    void shouldForgetTheSourceWhoseBucketIsFullest() {
        SourceTable table = new SourceTable(4, 0);
        for (int source = 0; source < 8; source++) {
            int tokens = source == 5 ? 1 : 3;
            for (int token = 0; token < tokens; token++) {
                table.leave(table.enter(hash(source), 1, RATE, 0));
            }
        }
        assertTrue(table.enter(hash(8), 1, RATE, 0) >= 0, "in the place of the one that took one token");
        for (int source = 0; source < 8; source++) {
            if (source != 5) {
                assertEquals(SourceTable.TOO_FAST, table.enter(hash(source), 1, RATE, 0), "source " + source);
            }
        }
    }

    @Test
    void shouldStayBoundedAndTrueUnderAMillionSources() {
        SourceTable table = new SourceTable(1024, 0);
        int kept = table.enter(hash(-1), 1, RATE, 0);
        assertTrue(kept >= 0);
        long nowNs = 0;
        for (int source = 0; source < 1_000_000; source++) {
            nowNs += 16;
            int entry = table.enter(hash(source), 1, RATE, nowNs);
            assertTrue(entry >= 0, "nobody else has connections");
            table.leave(entry);
        }
        assertEquals(1, table.connections());
        assertEquals(SourceTable.TOO_MANY, table.enter(hash(-1), 1, RATE, nowNs), "who has one is not forgotten");
        table.leave(kept);
        assertEquals(0, table.connections());
    }

    @Test
    void shouldTrackAsManyAsAskedForWhenAllStay() {
        int sources = 100_000;
        SourceTable table = new SourceTable(sources, 0);
        int untracked = 0;
        for (int source = 0; source < sources; source++) {
            untracked += table.enter(hash(source), UNLIMITED, null, 0) >= 0 ? 0 : 1;
        }
        assertEquals(sources - untracked, table.connections());
        assertTrue(untracked * 50 < sources, "untracked: " + untracked);
    }

    @Test
    void shouldNotInheritWhatTheOneBeforeOwed() {
        int inherited = 0;
        for (int newcomer = 8; newcomer < 1032; newcomer++) {
            SourceTable table = new SourceTable(4, 0);
            for (int source = 0; source < 8; source++) {
                for (int token = 0; token < 3; token++) {
                    table.leave(table.enter(hash(source), 1, RATE, 0));
                }
            }
            inherited += table.enter(hash(newcomer), 1, RATE, 0) == SourceTable.TOO_FAST ? 1 : 0;
        }
        assertTrue(inherited < 20, "one in 256 may: " + inherited + " of 1024");
    }

    @Test
    void shouldAllocateNothing() {
        SourceTable table = new SourceTable(1000, 0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        int rounds = 100_000;
        long before = 0;
        for (int i = -rounds; i < rounds; i++) {
            if (i == 0) {
                before = threads.getThreadAllocatedBytes(self);
            }
            int entry = table.enter(hash(i & 4095), UNLIMITED, RATE, i * 64L);
            assertNotEquals(SourceTable.TOO_MANY, entry);
            if (entry >= 0) {
                table.leave(entry);
            }
        }
        assertTrue(threads.getThreadAllocatedBytes(self) - before < rounds, "bytes in " + rounds + " rounds");
    }

    static long hash(int source) {
        return Selection.mix(source + 0x9e3779b97f4a7c15L);
    }
}
