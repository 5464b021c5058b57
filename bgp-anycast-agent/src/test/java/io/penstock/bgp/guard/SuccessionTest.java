package io.penstock.bgp.guard;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With other processes that have the file, one after the other. */
@Timeout(60)
class SuccessionTest {
    @TempDir
    Path directory;

    private Path file;
    private Succession succession;

    /** The first run, which was killed. */
    @BeforeEach
    void leave() throws Exception {
        file = directory.resolve(RunFile.NAME);
        try (NextRun agent = NextRun.take(directory)) {
            agent.say("in-charge");
            long pid = RunFile.look(file).pid();
            succession = new Succession(file, pid);
            assertFalse(succession.isTakenOver(), "by itself, for as long as its process is there");
            agent.kill();
        }
        assertFalse(succession.isTakenOver());
    }

    private CompletableFuture<Boolean> awaitDeath() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return succession.awaitDeath();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void assertWaits(CompletableFuture<Boolean> died) {
        assertThrows(TimeoutException.class, () -> died.get(300, TimeUnit.MILLISECONDS));
    }

    private static boolean get(CompletableFuture<Boolean> died) throws Exception {
        return died.get(20, TimeUnit.SECONDS);
    }

    @Test
    void shouldSayThatNextRunHasDiedWhenItHadNoGuard() throws Exception {
        try (NextRun next = NextRun.take(directory)) {
            assertTrue(succession.isTakenOver());
            assertFalse(succession.isSettled());
            CompletableFuture<Boolean> died = awaitDeath();
            assertWaits(died);
            next.kill();
            assertTrue(get(died));
        }
        assertFalse(succession.isTakenOver());
    }

    @Test
    void shouldBeSettledWhenNextRunIsInCharge() throws Exception {
        try (NextRun next = NextRun.take(directory)) {
            assertTrue(succession.isTakenOver());
            CompletableFuture<Boolean> died = awaitDeath();
            assertWaits(died);
            next.say("in-charge");
            assertFalse(get(died));
            assertTrue(succession.isSettled());
        }
    }

    @Test
    void shouldBeSettledWhenNextRunEndsAsItShould() throws Exception {
        try (NextRun next = NextRun.take(directory)) {
            assertTrue(succession.isTakenOver());
            next.say("release");
            next.kill();
        }
        assertTrue(succession.isSettled());
        assertFalse(succession.awaitDeath());
    }

    @Test
    void shouldTakeItForWhatItWasWhenItCannotBeRead() throws Exception {
        Path aside = directory.resolve("aside");
        Files.move(file, aside);
        assertFalse(succession.isTakenOver(), "left, whether the file is there or not");
        Files.move(aside, file);
        try (NextRun next = NextRun.take(directory)) {
            assertTrue(succession.isTakenOver());
            Files.move(file, aside);
            assertTrue(succession.isTakenOver(), "though the file is not there");
            Files.move(aside, file);
            next.kill();
        }
        assertFalse(succession.isTakenOver());
    }
}
