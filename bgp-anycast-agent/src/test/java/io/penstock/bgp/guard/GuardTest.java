package io.penstock.bgp.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.route.LargeCommunity;
import io.penstock.testing.NetworkNamespace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class GuardTest {
    private static final Duration PATIENCE = Duration.ofMillis(400);
    private static final Set<String> OTHERS = Set.of("192.0.2.2/32", "192.0.2.3/32", "192.0.2.4/32");

    @TempDir
    Path directory;

    private final FakeDaemon daemon = new FakeDaemon();
    private final BlockingQueue<Word> words = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private Path run;

    @BeforeEach
    void fill() {
        run = directory.resolve(RunFile.NAME);
        fillTable();
    }

    private void fillTable() {
        daemon.put("192.0.2.1/32", true, Charges.OWNER);
        daemon.put("2001:db8::1/128", true, Charges.OWNER);
        daemon.put("192.0.2.2/32", true);
        daemon.put("192.0.2.3/32", false, Charges.OWNER);
        daemon.put("192.0.2.4/32", true, new LargeCommunity(65_001, 9, 2));
    }

    private void say(Word... said) {
        words.addAll(List.of(said));
    }

    private Word charge() {
        return new Word.Charged(Charges.of(run, PATIENCE));
    }

    private CompletableFuture<Integer> begin(Duration limit) {
        PrintStream out = new PrintStream(answers, true, StandardCharsets.UTF_8);
        return CompletableFuture.supplyAsync(() -> {
            try (GuardLog log = new GuardLog()) {
                return new Guard(words, new Clearance(unused -> daemon.open(), limit, log), out, log).run();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private int run(Duration limit) throws Exception {
        return begin(limit).get(20, TimeUnit.SECONDS);
    }

    private String answers() {
        return answers.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldWithdrawOwnPathsAndNoOthersWhenAgentHasGone() throws Exception {
        say(charge(), new Word.Sign(), new Word.Gone());
        assertEquals(0, run(Guard.LIMIT));
        assertEquals(OTHERS, daemon.prefixes());
        assertEquals(daemon.opened.get(), daemon.closed.get(), "every client closed");
        assertTrue(answers().contains("withdrew 2"), this::answers);
    }

    @Test
    void shouldLeaveAllWhenReleased() throws Exception {
        say(charge(), new Word.Sign(), new Word.Released(), new Word.Gone());
        assertEquals(0, run(Guard.LIMIT));
        assertEquals(5, daemon.prefixes().size());
    }

    @Test
    void shouldLeaveAllWhenNeverCharged() throws Exception {
        say(new Word.Gone());
        assertEquals(0, run(Guard.LIMIT));
        assertEquals(5, daemon.prefixes().size());
    }

    @Test
    void shouldEndWithoutDoingAnythingWhenItDoesNotUnderstand() throws Exception {
        say(charge(), new Word.Unreadable("unknown word: what"));
        assertEquals(2, run(Guard.LIMIT));
        assertEquals(5, daemon.prefixes().size());
    }

    @Test
    void shouldWithdrawWhenAgentIsFrozenAndAgainWhenItFreezesAgain() throws Exception {
        CompletableFuture<Integer> ended = begin(Guard.LIMIT);
        say(charge(), new Word.Sign());
        NetworkNamespace.await("withdrawn", () -> daemon.prefixes().equals(OTHERS));

        say(new Word.Sign());
        NetworkNamespace.await(
                "answered", () -> answers().lines().filter("alive"::equals).count() == 2);
        fillTable();
        NetworkNamespace.await("withdrawn again", () -> daemon.prefixes().equals(OTHERS));

        say(new Word.Released());
        assertEquals(0, ended.get(20, TimeUnit.SECONDS));
    }

    @Test
    void shouldNotWithdrawWhileSignsCome() throws Exception {
        CompletableFuture<Integer> ended = begin(Guard.LIMIT);
        // So long that a busy machine does not make it frozen, and yet shorter than all of this.
        say(new Word.Charged(Charges.of(run, Duration.ofSeconds(2))));
        for (int i = 0; i < 40; i++) {
            TimeUnit.MILLISECONDS.sleep(100);
            say(new Word.Sign());
        }
        say(new Word.Released());
        assertEquals(0, ended.get(20, TimeUnit.SECONDS));
        assertEquals(5, daemon.prefixes().size());
    }

    @Test
    void shouldTryAgainUntilDaemonIsBack() throws Exception {
        daemon.reachable = false;
        CompletableFuture<Integer> ended = begin(Guard.LIMIT);
        say(charge(), new Word.Gone());
        NetworkNamespace.await("tried several times", () -> daemon.opened.get() > 3);
        assertFalse(ended.isDone());
        daemon.reachable = true;
        assertEquals(0, ended.get(20, TimeUnit.SECONDS));
        assertEquals(OTHERS, daemon.prefixes());
        assertTrue(answers().startsWith("unreachable nobody there"), this::answers);
    }

    @Test
    void shouldSayWhenDaemonIsSeenAfterAll() throws Exception {
        daemon.reachable = false;
        CompletableFuture<Integer> ended = begin(Guard.LIMIT);
        say(charge(), new Word.Sign());
        NetworkNamespace.await("answered", () -> answers().contains("alive"));
        daemon.reachable = true;
        say(new Word.Sign());
        NetworkNamespace.await("seen", () -> answers().contains("rehearsed"));
        say(new Word.Released());
        assertEquals(0, ended.get(20, TimeUnit.SECONDS));
        assertEquals(
                1,
                answers().lines().filter(line -> line.startsWith("unreachable")).count());
        assertEquals(5, daemon.prefixes().size());
    }

    @Test
    void shouldWithdrawThoughNobodyReadsWhatItSays() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        PrintStream before = System.err;
        System.setErr(new PrintStream(new FullPipe(read), true, StandardCharsets.UTF_8));
        try {
            daemon.reachable = false;
            CompletableFuture<Integer> ended = begin(Guard.LIMIT);
            say(charge(), new Word.Sign());
            NetworkNamespace.await("tried several times", () -> daemon.opened.get() > 5);
            daemon.reachable = true;
            NetworkNamespace.await("withdrawn", () -> daemon.prefixes().equals(OTHERS));

            fillTable();
            say(new Word.Sign(), new Word.Gone());
            assertEquals(0, ended.get(20, TimeUnit.SECONDS));
            assertEquals(OTHERS, daemon.prefixes());
        } finally {
            read.countDown();
            System.setErr(before);
        }
    }

    @Test
    void shouldWithdrawAfterAllWhenNextRunDiesBeforeItHasGuard() throws Exception {
        daemon.reachable = false;
        CompletableFuture<Integer> ended = begin(Guard.LIMIT);
        say(charge(), new Word.Gone());
        try (NextRun next = NextRun.take(directory)) {
            NetworkNamespace.await("no more tries", this::isQuiet);
            daemon.reachable = true;
            assertTrue(isQuiet(), "the paths are the next run's");
            assertEquals(5, daemon.prefixes().size());
            assertFalse(ended.isDone());
            next.kill();
        }
        assertEquals(0, ended.get(20, TimeUnit.SECONDS));
        assertEquals(OTHERS, daemon.prefixes());
    }

    @Test
    void shouldEndWhenNextRunHasGuard() throws Exception {
        daemon.reachable = false;
        CompletableFuture<Integer> ended = begin(Guard.LIMIT);
        say(charge(), new Word.Gone());
        try (NextRun next = NextRun.take(directory)) {
            NetworkNamespace.await("no more tries", this::isQuiet);
            assertFalse(ended.isDone());
            next.say("in-charge");
            assertEquals(0, ended.get(20, TimeUnit.SECONDS));
        }
        assertEquals(5, daemon.prefixes().size());
    }

    /** Longer than its longest pause. */
    private boolean isQuiet() throws InterruptedException {
        int before = daemon.opened.get();
        TimeUnit.MILLISECONDS.sleep(1_300);
        return daemon.opened.get() == before;
    }

    /** Takes nothing until somebody reads. */
    private static final class FullPipe extends OutputStream {
        private final CountDownLatch read;

        FullPipe(CountDownLatch read) {
            this.read = read;
        }

        @Override
        public void write(int octet) throws IOException {
            try {
                read.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        }
    }

    @Test
    void shouldGiveUpInTheEnd() throws Exception {
        daemon.reachable = false;
        say(charge(), new Word.Gone());
        assertEquals(1, run(Duration.ofMillis(300)));
    }

    @Test
    void shouldRehearseWithoutWithdrawing() throws Exception {
        CompletableFuture<Integer> ended = begin(Guard.LIMIT);
        say(charge());
        NetworkNamespace.await("rehearsed", () -> answers().contains("rehearsed"));
        assertTrue(daemon.asked.get() >= 200, () -> daemon.asked + " calls warm up what a withdrawal needs");
        assertEquals(5, daemon.prefixes().size());
        say(new Word.Released());
        assertEquals(0, ended.get(20, TimeUnit.SECONDS));
    }

    @Test
    void shouldNotGoOnRehearsingWhenAgentHasGone() throws Exception {
        daemon.reticent = true;
        CompletableFuture<Integer> ended = begin(Guard.LIMIT);
        say(charge());
        NetworkNamespace.await("rehearses", () -> daemon.asked.get() > 0);
        int asked = daemon.asked.get();
        say(new Word.Gone());
        assertEquals(0, ended.get(20, TimeUnit.SECONDS));
        assertEquals(OTHERS, daemon.prefixes());
        assertTrue(daemon.asked.get() <= asked + 64, () -> daemon.asked + " calls, and " + asked + " before");
    }

    @Test
    void shouldPauseWhenDaemonShowsPathsAgainAndAgain() throws Exception {
        daemon.refilled = true;
        CompletableFuture<Integer> ended = begin(Guard.LIMIT);
        say(charge(), new Word.Gone());
        TimeUnit.SECONDS.sleep(1);
        int looks = daemon.opened.get();
        assertTrue(looks <= 10, () -> looks + " looks within 1 s");
        daemon.refilled = false;
        assertEquals(0, ended.get(20, TimeUnit.SECONDS));
        assertEquals(OTHERS, daemon.prefixes());
    }

    @Test
    void shouldHaveNothingToDoWhenDaemonHasNoTableAnyMore() throws Exception {
        daemon.started = false;
        say(charge(), new Word.Gone());
        assertEquals(0, run(Guard.LIMIT));
    }
}
