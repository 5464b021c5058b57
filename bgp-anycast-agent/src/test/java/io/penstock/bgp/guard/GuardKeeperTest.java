package io.penstock.bgp.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.process.Watchdog;
import io.penstock.testing.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With programs of the shell for guards, that write down what they are told. */
@Timeout(30)
class GuardKeeperTest implements Watchdog.Watched {
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final String LISTENS =
            "echo $$ >> pids; echo rehearsed; while read line; do echo \"$line\" >> said; echo alive; "
                    + "[ \"$line\" != release ] || exit 0; done; echo hung-up >> said";

    private static final String NONE = "/nonexistent/guard";

    @TempDir
    Path directory;

    private final Queue<BgpEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicLong turns = new AtomicLong();
    private volatile boolean frozen;
    private RunFile run;
    private GuardKeeper keeper;

    @BeforeEach
    void take() throws Exception {
        run = RunFile.take(directory);
    }

    @AfterEach
    void end() throws Exception {
        keeper.release();
        run.close();
        for (String pid : lines("pids")) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public void ask() {
        if (!frozen) {
            turns.incrementAndGet();
        }
    }

    @Override
    public long signs() {
        return turns.get();
    }

    @Override
    public boolean hasEnded() {
        return false;
    }

    private void begin(String script) {
        begin(() -> shell(script));
    }

    private void begin(Supplier<ProcessBuilder> program) {
        keeper = GuardKeeper.start(program, PATIENCE, run, this, events::add);
    }

    private ProcessBuilder shell(String script) {
        return new ProcessBuilder("sh", "-c", script).directory(directory.toFile());
    }

    private List<String> lines(String file) throws IOException {
        Path path = directory.resolve(file);
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }

    private long count(String word) throws IOException {
        return lines("said").stream().filter(word::equals).count();
    }

    private List<String> what() {
        return events.stream().map(event -> event.details().get("what")).toList();
    }

    @Test
    void shouldStartNoGuardBeforeThereIsAnythingToGuard() throws Exception {
        begin(LISTENS);
        TimeUnit.MILLISECONDS.sleep(2 * PATIENCE.toMillis());
        assertEquals(List.of(), lines("pids"));
        keeper.abandon();
        assertEquals(List.of("not-started"), what(), "said once, as somebody may rely on one");
    }

    @Test
    void shouldChargeItFirstAndGiveSignsWhileThreadTurns() throws Exception {
        begin(LISTENS);
        keeper.charge(Charges.daemon(), Charges.OWNER);
        NetworkNamespace.await("signs", () -> count("sign") > 5);
        List<String> said = lines("said");
        assertEquals("charge 1", said.get(0));
        assertEquals(1, count("end"));
        assertTrue(said.indexOf("end") < said.indexOf("sign"), said::toString);
        assertEquals(List.of("started", "ready"), what());

        frozen = true;
        TimeUnit.MILLISECONDS.sleep(5 * PATIENCE.toMillis());
        long before = count("sign");
        TimeUnit.MILLISECONDS.sleep(2 * PATIENCE.toMillis());
        assertEquals(before, count("sign"), "no signs of a thread that does not turn");

        frozen = false;
        NetworkNamespace.await("signs again", () -> count("sign") > before + 2);
    }

    @Test
    void shouldChargeItAgainWhenOwnerIsAnother() throws Exception {
        begin(LISTENS);
        keeper.charge(Charges.daemon(), Charges.OWNER);
        NetworkNamespace.await("charged", () -> count("end") == 1);
        keeper.charge(Charges.daemon(), Charges.OWNER);
        keeper.charge(Charges.daemon(), new LargeCommunity(65_002, 9, 1));
        NetworkNamespace.await("charged again", () -> count("owner 65002 9 1") == 1);
        assertEquals(1, lines("pids").size());
    }

    @Test
    void shouldReleaseItAndWaitForItsEnd() throws Exception {
        begin(LISTENS);
        keeper.charge(Charges.daemon(), Charges.OWNER);
        NetworkNamespace.await("charged", () -> count("end") == 1);
        keeper.release();
        assertEquals(1, count("release"));
        assertTrue(ProcessHandle.of(Long.parseLong(lines("pids").get(0))).isEmpty(), "gone when that returns");
    }

    @Test
    void shouldHangUpWithoutWordWhenItAbandonsIt() throws Exception {
        begin(LISTENS);
        keeper.charge(Charges.daemon(), Charges.OWNER);
        NetworkNamespace.await("charged", () -> count("end") == 1);
        keeper.abandon();
        NetworkNamespace.await("hung up", () -> count("hung-up") == 1);
        assertEquals(0, count("release"));
    }

    @Test
    void shouldStartOneForWhatIsLeftWhenThereIsNoneToAbandon() throws Exception {
        AtomicBoolean installed = new AtomicBoolean();
        begin(() -> installed.get() ? shell(LISTENS) : new ProcessBuilder(NONE));
        keeper.charge(Charges.daemon(), Charges.OWNER);
        // The pause after that is of more than a second.
        NetworkNamespace.await(
                "none", () -> what().stream().filter("not-started"::equals).count() == 4);
        installed.set(true);
        keeper.abandon();
        NetworkNamespace.await("hung up", () -> count("hung-up") == 1);
        assertEquals(List.of("charge 1", "end", "hung-up"), marks());
    }

    @Test
    void shouldStartAnotherWhenTheOneToAbandonHasDied() throws Exception {
        begin(LISTENS);
        keeper.charge(Charges.daemon(), Charges.OWNER);
        NetworkNamespace.await("charged", () -> count("end") == 1);
        ProcessHandle guard =
                ProcessHandle.of(Long.parseLong(lines("pids").get(0))).orElseThrow();
        guard.destroyForcibly();
        guard.onExit().get(10, TimeUnit.SECONDS);
        keeper.abandon();
        NetworkNamespace.await("hung up", () -> count("hung-up") == 1);
        assertEquals(List.of("charge 1", "end", "charge 1", "end", "hung-up"), marks());
    }

    @Test
    void shouldStartNoneWhenItAbandonsNothing() throws Exception {
        begin(LISTENS);
        keeper.abandon();
        TimeUnit.MILLISECONDS.sleep(2 * PATIENCE.toMillis());
        assertEquals(List.of(), lines("pids"));
    }

    /** What it was told, without signs and what a charge says. */
    private List<String> marks() throws IOException {
        return lines("said").stream()
                .filter(List.of("charge 1", "end", "release", "hung-up")::contains)
                .toList();
    }

    @Test
    void shouldStartAnotherWhenOneDies() throws Exception {
        begin(LISTENS);
        keeper.charge(Charges.daemon(), Charges.OWNER);
        NetworkNamespace.await("charged", () -> what().contains("ready") && count("end") == 1);
        ProcessHandle.of(Long.parseLong(lines("pids").get(0))).orElseThrow().destroyForcibly();
        NetworkNamespace.await("another is charged", () -> count("end") == 2);
        assertEquals(2, lines("pids").size());
        NetworkNamespace.await("told", () -> what().equals(List.of("started", "ready", "ended", "started", "ready")));
    }

    @Test
    void shouldHaveGuardsOfFormerRunsStayUntilItHasOneThatAnswers() throws Exception {
        begin("echo $$ >> pids; echo rehearsed; sleep 1");
        assertEquals("running", word());
        keeper.charge(Charges.daemon(), Charges.OWNER);
        NetworkNamespace.await("in charge", () -> word().equals("in-charge"));
        NetworkNamespace.await("not without one", () -> word().equals("running"));
        keeper.release();
    }

    /** Of the run file. */
    private String word() throws IOException {
        return lines(RunFile.NAME).get(0).split(" ", 2)[0];
    }

    @Test
    void shouldPauseLongerEachTimeWhenNoneLives() throws Exception {
        begin("echo $$ >> pids; exit 2");
        keeper.charge(Charges.daemon(), Charges.OWNER);
        TimeUnit.SECONDS.sleep(2);
        int tries = lines("pids").size();
        assertTrue(tries <= 5, () -> tries + " tries within 2 s");
        NetworkNamespace.await("another try", () -> lines("pids").size() >= 2);
        assertTrue(events.stream().anyMatch(event -> event.text().contains("exit code 2")), events::toString);
    }

    @Test
    void shouldSayThatThereIsNoneWhenItCannotBeStarted() throws Exception {
        begin(() -> new ProcessBuilder(NONE));
        keeper.charge(Charges.daemon(), Charges.OWNER);
        NetworkNamespace.await("told", () -> what().contains("not-started"));
        keeper.release();
    }

    @Test
    void shouldTellWhatItWithdrew() throws Exception {
        begin("echo withdrew 7; while read line; do [ \"$line\" != release ] || exit 0; done");
        keeper.charge(Charges.daemon(), Charges.OWNER);
        NetworkNamespace.await("told", () -> what().contains("withdrew"));
        assertTrue(events.stream().anyMatch(event -> event.text().contains("did not turn: 7")), events::toString);
    }
}
