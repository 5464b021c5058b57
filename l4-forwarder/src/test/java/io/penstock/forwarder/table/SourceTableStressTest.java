package io.penstock.forwarder.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that enter and leave as workers do, as close to each other as they can. */
@Timeout(120)
class SourceTableStressTest {
    private static final int THREADS = 4;

    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void together(Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                running.add(threads.submit(() -> {
                    work.run(thread);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get(100, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** A source that comes for the first time on all threads at once gets one entry: with two it had two limits. */
    @Test
    void shouldLimitASourceThatIsNewToAllThreads() throws Exception {
        int rounds = 30_000;
        int limit = 2;
        SourceTable table = new SourceTable(64, 0);
        AtomicIntegerArray entered = new AtomicIntegerArray(rounds);
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        together(thread -> {
            for (int round = 0; round < rounds; round++) {
                barrier.await();
                int first = table.enter(SourceTableTest.hash(round), limit, null, 0);
                int second = table.enter(SourceTableTest.hash(round), limit, null, 0);
                entered.addAndGet(round, (first >= 0 ? 1 : 0) + (second >= 0 ? 1 : 0));
                assertTrue(first != SourceTable.UNTRACKED && second != SourceTable.UNTRACKED);
                barrier.await();
                for (int entry : new int[] {first, second}) {
                    if (entry >= 0) {
                        table.leave(entry);
                    }
                }
            }
        });
        for (int round = 0; round < rounds; round++) {
            assertEquals(limit, entered.get(round), "round " + round);
        }
        assertEquals(0, table.connections());
    }

    /** Far more sources than room, which push each other out all the time. */
    @Test
    void shouldNeitherDriftNorExceedALimitWhenSourcesPushEachOtherOut() throws Exception {
        int sources = 200;
        int limit = 3;
        SourceTable table = new SourceTable(16, 0);
        AtomicInteger[] open = new AtomicInteger[sources];
        for (int i = 0; i < sources; i++) {
            open[i] = new AtomicInteger();
        }
        AtomicInteger most = new AtomicInteger();
        together(thread -> {
            Random random = new Random(thread);
            List<int[]> held = new ArrayList<>();
            for (int i = 0; i < 300_000; i++) {
                if (held.size() < 12 && random.nextInt(5) < 3) {
                    int source = random.nextInt(sources);
                    int entry = table.enter(SourceTableTest.hash(source), limit, new TokenRate(16, 1), i * 16L);
                    if (entry >= 0) {
                        int now = open[source].incrementAndGet();
                        most.accumulateAndGet(now, Math::max);
                        held.add(new int[] {source, entry});
                    }
                } else if (!held.isEmpty()) {
                    int[] one = held.remove(random.nextInt(held.size()));
                    // Before: another thread may enter as soon as this one has left.
                    open[one[0]].decrementAndGet();
                    table.leave(one[1]);
                }
            }
            for (int[] one : held) {
                open[one[0]].decrementAndGet();
                table.leave(one[1]);
            }
        });
        assertEquals(limit, most.get(), "reached, and never exceeded");
        assertEquals(0, table.connections());
    }

    @Test
    void shouldTakeEachTokenOnce() throws Exception {
        int sources = 8;
        int burst = 10_000;
        SourceTable table = new SourceTable(64, 0);
        TokenBucket bucket = new TokenBucket(0);
        TokenRate rate = new TokenRate(16, burst);
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger fromBucket = new AtomicInteger();
        together(thread -> {
            for (int i = 0; i < sources * burst; i++) {
                int entry = table.enter(SourceTableTest.hash(i % sources), SourceTable.MAX_CONNECTIONS, rate, 0);
                if (entry >= 0) {
                    taken.incrementAndGet();
                    table.leave(entry);
                }
                fromBucket.addAndGet(bucket.tryTake(rate, 0) ? 1 : 0);
            }
        });
        assertEquals(sources * burst, taken.get());
        assertEquals(burst, fromBucket.get());
    }

    @Test
    void shouldNeverHaveMoreInsideAGateThanItsLimit() throws Exception {
        ConnectionGate gate = new ConnectionGate();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        together(thread -> {
            for (int i = 0; i < 500_000; i++) {
                if (gate.tryEnter(THREADS - 1)) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    inside.decrementAndGet();
                    gate.leave();
                }
            }
        });
        assertEquals(0, gate.open());
        assertTrue(most.get() <= THREADS - 1, "inside: " + most);
    }
}
