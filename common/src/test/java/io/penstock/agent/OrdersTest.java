package io.penstock.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.process.Watchdog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a thread that does nothing but carry out orders. */
@Timeout(60)
class OrdersTest {
    private final Semaphore wakes = new Semaphore(0);
    private final Orders orders = new Orders(wakes::release);
    private final List<String> log = new ArrayList<>();
    private final Thread agent = new Thread(this::run, "agent");
    private volatile boolean ending;

    private void run() {
        while (!ending) {
            wakes.acquireUninterruptibly();
            List<Runnable> answers = orders.carryOut();
            log.add("status");
            answers.forEach(Runnable::run);
        }
        orders.end();
    }

    @AfterEach
    void end() throws InterruptedException {
        ending = true;
        wakes.release();
        agent.join();
    }

    @Test
    void shouldAnswerWhenStatusShowsWhatOrderLedTo() throws Exception {
        agent.start();

        Thread carriedOutBy = orders.ask(() -> {
            log.add("order");
            return Thread.currentThread();
        });

        assertSame(agent, carriedOutBy);
        assertEquals(List.of("order", "status"), List.copyOf(log));
    }

    @Test
    void shouldRefuseAsOrderDoes() {
        agent.start();

        RefusedException refused = assertThrows(
                RefusedException.class,
                () -> orders.ask(() -> {
                    throw RefusedException.unknown("no such router");
                }));

        assertTrue(refused.isUnknown());
        assertEquals("no such router", refused.getMessage());
    }

    @Test
    void shouldRefuseWhenThreadHasEnded() throws Exception {
        agent.start();
        ending = true;
        wakes.release();
        assertTrue(orders.awaitEnd(Duration.ofSeconds(20)));

        RefusedException refused = assertThrows(RefusedException.class, () -> orders.ask(() -> true));

        assertEquals("the agent has ended", refused.getMessage());
    }

    @Test
    void shouldGiveSignOfLifeWhenAsked() throws Exception {
        agent.start();
        Watchdog.Watched watched = orders.watched("agent");
        long before = watched.signs();

        watched.ask();
        while (watched.signs() == before) {
            Thread.onSpinWait();
        }

        assertFalse(watched.hasEnded());
        assertEquals("agent", watched.name());
    }
}
