package io.penstock.vrrp.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.vrrp.config.HookConfig;
import io.penstock.vrrp.event.VrrpEvent.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HooksTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    private Path directory;

    private final Journal journal = new Journal(Clock.systemUTC(), new LinuxSyscalls());

    @AfterEach
    void close() {
        journal.close(Duration.ZERO);
    }

    private static HookConfig hook(String script, Duration timeout) {
        return new HookConfig(List.of("sh", "-c", script), timeout);
    }

    private void went(String router, String from, String to) {
        journal.record(new VrrpEvent(
                Kind.TRANSITION,
                router,
                from + " -> " + to,
                Map.of("from", from, "to", to, "reason", "it \"is\" so", "priority", "150")));
    }

    private List<String> awaitLines(Path file, int count) throws IOException {
        List<String> lines = lines(file);
        while (lines.size() < count) {
            LockSupport.parkNanos(1_000_000);
            lines = lines(file);
        }
        return lines;
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Test
    void shouldTellWhatHappenedInEnvironmentAndOnStandardInput() throws Exception {
        Path told = directory.resolve("told");
        journal.configure(List.of(hook(
                "echo \"$PENSTOCK_EVENT $PENSTOCK_ROUTER $PENSTOCK_FROM $PENSTOCK_TO $PENSTOCK_PRIORITY $PENSTOCK_REASON"
                        + " $PENSTOCK_LEVEL $PENSTOCK_REPLAY $PENSTOCK_MISSED $PENSTOCK_ID\" > " + told + "; cat >> "
                        + told,
                LONG)));

        went("web", "backup", "fault");

        List<String> lines = awaitLines(told, 2);
        long id = journal.log().lastId();
        assertEquals("transition web backup fault 150 it \"is\" so warn false 0 " + id, lines.get(0));
        JsonObject json = JsonParser.parseString(lines.get(1)).getAsJsonObject();
        assertEquals(id, json.get("id").getAsLong());
        assertEquals("fault", json.getAsJsonObject("details").get("to").getAsString());
        assertEquals(0, json.get("missed").getAsLong());
        assertEquals(2, lines.size());
    }

    /** More than are kept: the oldest go, and the sum of what was told and what was missed is all that happened. */
    @Test
    void shouldKeepOrderAndCountWhatIsLostInABurst() throws Exception {
        Path told = directory.resolve("told");
        journal.configure(List.of(hook("echo $PENSTOCK_ID $PENSTOCK_MISSED >> " + told, LONG)));
        long before = journal.log().lastId();

        for (int i = 0; i < 3_000; i++) {
            went("web", "backup", "active");
        }
        journal.close(Duration.ofSeconds(50));

        long known = before;
        long missed = 0;
        for (String line : lines(told)) {
            String[] words = line.split(" ", -1);
            long lost = Long.parseLong(words[1]);
            known += 1 + lost;
            missed += lost;
            assertEquals(known, Long.parseLong(words[0]), "in order, and none that is not told of");
        }
        assertEquals(before + 3_000, known, "up to the last");
        assertTrue(missed > 1_500, "most were lost: " + missed);
        HookView view = journal.hooks().get(0);
        assertEquals(missed, view.missed());
        assertEquals(3_000 - missed, view.runs().get(HookResult.OK));
        assertEquals(0, view.queued());
    }

    @Test
    void shouldTellHowThingsStandFirst() throws Exception {
        Path told = directory.resolve("told");
        HookConfig hook = hook("echo $PENSTOCK_ROUTER$PENSTOCK_GROUP $PENSTOCK_TO $PENSTOCK_REPLAY >> " + told, LONG);
        went("web", "initialize", "backup");
        went("dns", "initialize", "backup");
        went("mail", "initialize", "backup");
        journal.record(new VrrpEvent(Kind.GROUP, "all", "text", Map.of("from", "backup", "to", "active")));
        went("web", "backup", "active");
        went("mail", "backup", "initialize");

        journal.configure(List.of(hook));
        went("dns", "backup", "active");
        assertEquals(
                List.of("dns backup true", "all active true", "web active true", "dns active false"),
                awaitLines(told, 4));

        journal.configure(List.of(hook));
        assertEquals(
                List.of("all active true", "web active true", "dns active true"),
                awaitLines(told, 7).subList(4, 7),
                "again after a reload");
    }

    @Test
    void shouldGoOnAfterFailuresOfEachKind() throws Exception {
        Path pids = directory.resolve("pids");
        HookConfig failing = hook("echo why; exit 3", LONG);
        HookConfig missing = new HookConfig(List.of("/does/not/exist"), LONG);
        HookConfig holding = hook("sleep 1000 & echo $! >> " + pids, LONG);
        HookConfig stuck = hook("echo $$ >> " + pids + "; sleep 1000", Duration.ofMillis(300));
        journal.configure(List.of(failing, missing, holding, stuck));

        went("web", "initialize", "backup");
        went("web", "backup", "active");

        awaitRuns(0, HookResult.FAILED, "exit code 3");
        awaitRuns(1, HookResult.FAILED, "exit code 127");
        awaitRuns(2, HookResult.OK, "exit code 0");
        awaitRuns(3, HookResult.TIMEOUT, "killed after 300 ms");
        List<String> started = awaitLines(pids, 4);
        while (running(started) > 2) {
            // What was killed dies when the kernel gets round to it.
            LockSupport.parkNanos(1_000_000);
        }
        assertEquals(2, running(started), "those that hooks left behind on purpose");
        for (String pid : started) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
        awaitNoZombies();
    }

    private void awaitRuns(int hook, HookResult result, String last) {
        while (journal.hooks().get(hook).runs().get(result) < 2) {
            LockSupport.parkNanos(1_000_000);
        }
        while (!journal.hooks().get(hook).last().equals(last)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static long running(List<String> pids) {
        return pids.stream().filter(HooksTest::isRunning).count();
    }

    private static boolean isRunning(String pid) {
        try {
            return !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
        } catch (IOException gone) {
            return false;
        }
    }

    /** Until each process that this one started and that has ended was waited for. */
    private static void awaitNoZombies() {
        while (ProcessHandle.current().children().anyMatch(child -> !isRunning(Long.toString(child.pid())))) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void shouldKillWhatIsUnderWayWhenTimeIsUp() throws Exception {
        Path pids = directory.resolve("pids");
        journal.configure(List.of(hook("echo $$ >> " + pids + "; sleep 1000 & echo $! >> " + pids + "; wait", LONG)));
        went("web", "initialize", "backup");
        went("web", "backup", "active");
        List<String> started = awaitLines(pids, 2);

        journal.close(Duration.ofMillis(10));

        for (String pid : started) {
            while (isRunning(pid)) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        assertEquals(2, lines(pids).size(), "the second event was not told any more");
    }

    @Test
    void shouldTellWhatIsLeftWhenThereIsTime() throws Exception {
        Path told = directory.resolve("told");
        journal.configure(List.of(hook("echo $PENSTOCK_TO >> " + told, LONG)));
        went("web", "active", "initialize");

        journal.close(Duration.ofSeconds(30));

        assertEquals(List.of("initialize"), lines(told));
        went("web", "initialize", "backup");
        assertEquals(0, journal.hooks().get(0).queued());
    }

    @Test
    void shouldTellNothingMoreToHooksThatAreTakenOut() throws Exception {
        Path told = directory.resolve("told");
        Path go = directory.resolve("go");
        HookConfig former =
                hook("echo $PENSTOCK_TO >> " + told + "; until test -e " + go + "; do sleep 0.01; done", LONG);
        Path toldLater = directory.resolve("later");
        journal.configure(List.of(former));
        went("web", "initialize", "backup");
        went("web", "backup", "active");
        awaitLines(told, 1);

        journal.configure(List.of(hook("echo $PENSTOCK_TO >> " + toldLater, LONG)));
        Files.createFile(go);
        went("web", "active", "backup");

        assertEquals(List.of("active", "backup"), awaitLines(toldLater, 2));
        journal.close(Duration.ofSeconds(30));
        assertEquals(List.of("backup"), lines(told));
    }

    @Test
    void shouldLeaveNothingOfHooksThatWereTakenOut() throws Exception {
        Path pids = directory.resolve("pids");
        journal.configure(List.of(hook("echo $$ >> " + pids + "; sleep 1000", LONG)));
        went("web", "initialize", "backup");
        List<String> started = awaitLines(pids, 1);
        journal.configure(List.of());
        assertEquals(1, running(started), "it may end as it would");

        journal.close(Duration.ofMillis(10));

        while (running(started) > 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertEquals(0, running(started));
    }

    @Test
    void shouldRunHooksBesideOneAnother() throws Exception {
        Path told = directory.resolve("told");
        List<HookConfig> hooks = new ArrayList<>();
        hooks.add(hook("sleep 1000", LONG));
        hooks.add(hook("echo $PENSTOCK_TO >> " + told, LONG));
        journal.configure(hooks);

        went("web", "initialize", "backup");

        assertEquals(List.of("backup"), awaitLines(told, 1));
        assertFalse(journal.hooks().get(0).runs().containsValue(1L), "the other still runs");
    }
}
