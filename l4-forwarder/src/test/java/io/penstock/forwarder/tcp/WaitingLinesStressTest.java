package io.penstock.forwarder.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.table.PoolQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Threads that take, release and wait as workers do, without sockets, so that their steps meet as closely as they can. A
 * thread sleeps whenever a worker would: a wake-up that is lost leaves a customer waiting and all threads asleep.
 */
@Timeout(120)
class WaitingLinesStressTest {
    private static final int ROUNDS = 20_000;
    /** Of each thread and round: few, so that a round's last release often meets its last arrival. */
    private static final int CUSTOMERS = 2;

    private static final int SLEEP_MAX_S = 20;

    private final BackendLoad load = new BackendLoad();
    private final PoolQueue queue = new PoolQueue(Integer.MAX_VALUE, Long.MAX_VALUE);
    /** Customers of this round that have not been served on any thread. */
    private final AtomicInteger unserved = new AtomicInteger();

    private final List<Worker> workers = new ArrayList<>();

    private final class Worker {
        private final Semaphore wakeups = new Semaphore(0);
        private final WaitingLines lines = new WaitingLines(wakeups::release);
        private final Random random;
        private int held;
        private int pending;

        private Worker(int seed) {
            random = new Random(seed);
        }

        private void round() throws InterruptedException {
            for (int i = 0; i < CUSTOMERS; i++) {
                arrive();
                endTurn();
                if (random.nextBoolean()) {
                    releaseOne();
                    endTurn();
                }
            }
            while (held > 0 || unserved.get() > 0) {
                if (held > 0) {
                    releaseOne();
                } else {
                    sleepUnlessCalled();
                }
                endTurn();
            }
        }

        /** Some arrive, some places held by others become free, and whoever gets one keeps it until all have one. */
        private void roundOfKeepers(int placesToFree) throws InterruptedException {
            for (int i = 0; i < CUSTOMERS; i++) {
                arrive();
                endTurn();
            }
            for (int i = 0; i < placesToFree; i++) {
                load.onAbandoned();
                dawdle();
                lines.onRoom(queue);
            }
            endTurn();
            while (unserved.get() > 0) {
                sleepUnlessCalled();
                endTurn();
            }
            while (held > 0) {
                releaseOne();
            }
        }

        private void sleepUnlessCalled() throws InterruptedException {
            if (!lines.isCalled()) {
                assertTrue(wakeups.tryAcquire(SLEEP_MAX_S, TimeUnit.SECONDS), "asleep while somebody waits");
                wakeups.drainPermits();
            }
        }

        private void arrive() {
            if (queue.waiting() > 0 || !tryTake()) {
                dawdle();
                new Customer(this).enter();
            }
        }

        /** Lets others come between two steps; nothing depends on whether they do. */
        @SuppressWarnings("ThreadPriorityCheck")
        private void dawdle() {
            if (random.nextInt(4) == 0) {
                Thread.yield();
            }
        }

        private boolean tryTake() {
            if (!load.tryAcquire()) {
                return false;
            }
            held++;
            pending++;
            if (unserved.decrementAndGet() == 0) {
                workers.forEach(worker -> worker.wakeups.release());
            }
            return true;
        }

        /** As when a connect fails, is given up, succeeds, or a connection ends. */
        private void releaseOne() {
            if (pending > 0 && random.nextInt(3) == 0) {
                load.onConnected(1, 1);
                pending--;
            } else if (pending > 0) {
                load.onAbandoned();
                pending--;
                held--;
            } else if (held > 0) {
                load.release();
                held--;
            } else {
                return;
            }
            dawdle();
            lines.onRoom(queue);
        }

        private void endTurn() {
            lines.serve();
        }
    }

    private final class Customer implements WaitingLine.Customer {
        private final Worker worker;
        private final WaitingLine.Waiter waiter = new WaitingLine.Waiter(this);

        private Customer(Worker worker) {
            this.worker = worker;
        }

        private void enter() {
            assertTrue(worker.lines.of(queue).tryAdd(waiter, System.nanoTime()));
        }

        @Override
        public boolean tryLeaveQueue() {
            if (!worker.tryTake()) {
                worker.dawdle();
                return false;
            }
            worker.dawdle();
            waiter.leave();
            return true;
        }

        @Override
        public boolean couldLeaveQueue() {
            return !load.isFull();
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 1", "2, 2, 1", "3, 1, 1", "3, 2, 2", "4, 3, 1"})
    void shouldServeEveryoneWithoutSleepingThroughAFreePlace(int threads, int maxOpen, int maxPending)
            throws Exception {
        load.limit(maxOpen, maxPending);
        start(threads);
        play(() -> {}, Worker::round);
    }

    /** Here nobody else comes by later who would find out that a call was lost. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void shouldCallAsManyAsPlacesBecomeFree(int threads) throws Exception {
        int places = threads * CUSTOMERS;
        load.limit(places, BackendLoad.UNLIMITED);
        start(threads);
        Runnable takeAll = () -> {
            for (int i = 0; i < places; i++) {
                assertTrue(load.tryAcquire());
            }
        };
        play(takeAll, worker -> worker.roundOfKeepers(worker == workers.get(0) ? places : 0));
    }

    private interface Round {
        void play(Worker worker) throws InterruptedException;
    }

    private void start(int threads) {
        for (int i = 0; i < threads; i++) {
            workers.add(new Worker(i));
        }
    }

    /** @param before each round, while nobody plays */
    private void play(Runnable before, Round round) throws Exception {
        CyclicBarrier rounds = new CyclicBarrier(workers.size(), () -> {
            assertEquals(0, load.open());
            assertEquals(0, queue.waiting());
            unserved.set(workers.size() * CUSTOMERS);
            before.run();
        });
        ExecutorService pool = Executors.newFixedThreadPool(workers.size());
        List<Future<Void>> running = new ArrayList<>();
        for (Worker worker : workers) {
            running.add(pool.submit(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    rounds.await(2 * SLEEP_MAX_S, TimeUnit.SECONDS);
                    round.play(worker);
                }
                rounds.await(2 * SLEEP_MAX_S, TimeUnit.SECONDS);
                return null;
            }));
        }
        try {
            for (Future<Void> worker : running) {
                worker.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
