package io.penstock.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.health.HealthCheck.Origin;
import io.penstock.linux.OpenFds;
import io.penstock.net.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@ExtendWith(OpenFds.class)
class ExecProberTest {
    private static final Endpoint TARGET = new Endpoint(ProbeRig.LOOPBACK, 8080);

    @TempDir
    private Path directory;

    private ProbeRig rig;

    @BeforeEach
    void open() {
        rig = new ProbeRig();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({
        "true,                                SUCCESS, exit code 0",
        "echo well; echo more,                SUCCESS, well",
        "echo not well >&2; exit 3,           FAILURE, exit code 3: not well",
        "exit 1,                              FAILURE, exit code 1",
        "kill -9 $$,                          FAILURE, exit code 137",
        "printf 'a\\033[1m\"b\"\\000\\n',     SUCCESS, a [1m'b'",
        "'echo $PENSTOCK_ADDRESS,$PENSTOCK_PORT', SUCCESS, '127.0.0.1,8080'",
        "read line; echo $?,                  SUCCESS, 1",
    })
    void shouldJudgeByExitCode(String script, ProbeResult.Outcome outcome, String evidence) throws Exception {
        assertEquals(new ProbeResult(outcome, evidence), probe(script, ProbeRig.LONG));
    }

    @Test
    void shouldSayWhenThereIsNoProgram() throws Exception {
        Probe exec = new Probe.Exec(List.of("/does/not/exist"), 100);
        assertEquals(ProbeResult.failure("not started: No such file or directory"), rig.probe(exec, TARGET.port()));
    }

    @Test
    void shouldKillAllThatWasStarted() throws Exception {
        Path pids = directory.resolve("pids");
        String script = "echo stuck; sh -c 'echo $$ >> " + pids + "; sleep 1000 & echo $! >> " + pids + "; wait' & "
                + "echo $! >> " + pids + "; wait";
        assertEquals(ProbeResult.failure("killed after 2000 ms: stuck"), probe(script, Duration.ofSeconds(2)));
        List<String> started = Files.readAllLines(pids);
        assertEquals(3, started.size(), started.toString());
        for (String pid : started) {
            awaitEnd(Long.parseLong(pid));
        }
    }

    @Test
    void shouldKeepLittleOfEndlessOutput() throws Exception {
        ProbeResult result = probe("yes", Duration.ofSeconds(1));
        assertEquals(ProbeResult.failure("killed after 1000 ms: y"), result);
        assertEquals(
                ProbeResult.success("x".repeat(64)), probe("head -c 1000000 /dev/zero | tr '\\0' x", ProbeRig.LONG));
    }

    /** What the program leaves running has its output still, and must not hold up the result. */
    @Test
    void shouldNotWaitForGrandchildren() throws Exception {
        Path pid = directory.resolve("pid");
        assertEquals(
                ProbeResult.success("done"), probe("sleep 1000 & echo $! > " + pid + "; echo done", ProbeRig.LONG));
        ProcessHandle grandchild =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        assertTrue(grandchild.destroyForcibly());
    }

    @Test
    void shouldKillProgramWhenCancelled() throws Exception {
        Path pid = directory.resolve("pid");
        Prober prober = rig.begin(exec("echo $$ > " + pid + "; exec sleep 1000"), TARGET, ProbeRig.LONG, Origin.PLAIN);
        CompletableFuture<ProbeResult> result = rig.start(prober);
        while (!Files.exists(pid) || Files.readString(pid).isBlank()) {
            LockSupport.parkNanos(1_000_000);
        }
        rig.cancel(prober);
        awaitEnd(Long.parseLong(Files.readString(pid).strip()));
        assertFalse(result.isDone());
    }

    @Test
    void shouldRunFewProgramsAtATime() throws Exception {
        Path running = Files.createDirectory(directory.resolve("running"));
        Path most = directory.resolve("most");
        String script = "touch " + running + "/$$; ls " + running + " | wc -l >> " + most + "; sleep 0.2; rm " + running
                + "/$$";
        List<CompletableFuture<ProbeResult>> results = new ArrayList<>();
        for (int i = 0; i < 2 * Programs.MAX_AT_A_TIME; i++) {
            results.add(rig.start(rig.begin(exec(script), TARGET, ProbeRig.LONG, Origin.PLAIN)));
        }
        for (CompletableFuture<ProbeResult> result : results) {
            assertEquals(ProbeResult.success("exit code 0"), result.get(30, TimeUnit.SECONDS));
        }
        for (String seen : Files.readAllLines(most)) {
            assertTrue(Integer.parseInt(seen.strip()) <= Programs.MAX_AT_A_TIME, seen);
        }
    }

    @Test
    void shouldGiveNoVerdictWithoutTurn() throws Exception {
        List<Prober> busy = new ArrayList<>();
        for (int i = 0; i < Programs.MAX_AT_A_TIME; i++) {
            Prober prober = rig.begin(exec("sleep 1000"), TARGET, ProbeRig.LONG, Origin.PLAIN);
            var unused = rig.start(prober);
            busy.add(prober);
        }
        Prober late = rig.begin(exec("true"), TARGET, Duration.ofMillis(1), Origin.PLAIN);
        CompletableFuture<ProbeResult> result = rig.start(late);
        LockSupport.parkNanos(5_000_000);
        for (Prober prober : busy) {
            rig.cancel(prober);
        }
        assertEquals(
                ProbeResult.noVerdict("too many programs run at a time: had no turn"),
                result.get(30, TimeUnit.SECONDS));
    }

    private ProbeResult probe(String script, Duration timeout) throws Exception {
        return rig.probe(exec(script), TARGET, timeout, Origin.PLAIN);
    }

    private static Probe exec(String script) {
        return new Probe.Exec(List.of("/bin/sh", "-c", script), 64);
    }

    /** A zombie has ended: who adopted it has yet to notice. */
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
            return true;
        }
    }
}
