package io.penstock.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.OpenFds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(OpenFds.class)
class ProgramTest {
    private static final byte[] NOTHING = {};

    @TempDir
    private Path directory;

    private static Outcome run(String script, byte[] input, Duration timeout) throws Exception {
        return new Program(new LinuxSyscalls(), List.of("sh", "-c", script), 1024, true)
                .run(Map.of("PENSTOCK_TEST", "seen"), input, timeout.toNanos());
    }

    private static Outcome run(String script) throws Exception {
        return run(script, NOTHING, Duration.ofSeconds(30));
    }

    @Test
    void shouldGiveInputAndEnvironmentAndTakeOutput() throws Exception {
        byte[] input = "one\ntwo".getBytes(StandardCharsets.UTF_8);

        assertEquals(
                new Outcome.Ended(3, "one\ntwo seen\n"),
                run("cat; echo \" $PENSTOCK_TEST\" >&2; exit 3", input, Duration.ofSeconds(30)));
        assertEquals(new Outcome.Ended(0, ""), run("cat"));
        assertEquals(new Outcome.Ended(137, ""), run("kill -9 $$"));
    }

    @Test
    void shouldNotCareWhetherInputIsRead() throws Exception {
        byte[] most = new byte[64 * 1024];

        assertEquals(new Outcome.Ended(0, ""), run("true", most, Duration.ofSeconds(30)));
        assertEquals(new Outcome.Ended(0, "65536\n"), run("wc -c", most, Duration.ofSeconds(30)));
        assertThrows(IOException.class, () -> run("true", new byte[most.length + 1], Duration.ofSeconds(30)));
    }

    @Test
    void shouldBeLeaderOfItsSession() throws Exception {
        Outcome.Ended ended = assertInstanceOf(Outcome.Ended.class, run("echo $$; cut -d' ' -f5,6 /proc/$$/stat"));

        List<String> lines = ended.output().lines().toList();
        assertEquals(lines.get(0) + " " + lines.get(0), lines.get(1), "process group and session are the process");
    }

    /** A process whose parent has gone is nobody's descendant any more: only its group still leads to it. */
    @Test
    void shouldKillOrphansTooAtTheTimeout() throws Exception {
        Path pids = directory.resolve("pids");
        String orphan = "(sleep 1000 & echo $! >> " + pids + ")";

        assertEquals(
                new Outcome.Killed("stuck\n"),
                run(orphan + "; echo $$ >> " + pids + "; echo stuck; sleep 1000", NOTHING, Duration.ofSeconds(2)));

        List<String> started = Files.readAllLines(pids);
        assertEquals(2, started.size(), started::toString);
        for (String pid : started) {
            awaitEnd(Long.parseLong(pid));
        }
    }

    @Test
    void shouldNotWaitForWhoeverHoldsItsPipes() throws Exception {
        Path pid = directory.resolve("pid");

        assertEquals(new Outcome.Ended(0, "done\n"), run("sleep 1000 & echo $! > " + pid + "; echo done"));

        long left = Long.parseLong(Files.readString(pid).strip());
        assertTrue(ProcessHandle.of(left).orElseThrow().destroyForcibly(), "what ended by itself may leave others");
        awaitEnd(left);
    }

    @Test
    void shouldSayWhenThereIsNoProgram() throws Exception {
        Program missing = new Program(new LinuxSyscalls(), List.of("/does/not/exist"), 1024, false);
        Program inSession = new Program(new LinuxSyscalls(), List.of("/does/not/exist"), 1024, true);

        assertInstanceOf(Outcome.NotStarted.class, missing.run(Map.of(), NOTHING, 1_000_000_000));
        Outcome.Ended ended = assertInstanceOf(
                Outcome.Ended.class,
                inSession.run(Map.of(), NOTHING, Duration.ofSeconds(30).toNanos()));
        assertEquals(127, ended.exitCode());
        assertTrue(ended.output().contains("/does/not/exist"), ended::output);
    }

    /** One that was killed is a zombie until the JVM has waited for it, and one that was orphaned until its new parent has. */
    private static void awaitEnd(long pid) throws IOException {
        Path stat = Path.of("/proc/" + pid + "/stat");
        while (Files.exists(stat) && !isZombie(stat)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static boolean isZombie(Path stat) throws IOException {
        try {
            return Files.readString(stat).contains(") Z ");
        } catch (IOException gone) {
            return !Files.exists(stat);
        }
    }
}
