package io.penstock.bgp.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.guard.RunFile.Look;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Locks are of processes: what another one sees of a lock is in {@link SuccessionTest}. */
@Timeout(30)
class RunFileTest {
    private static final long PID = ProcessHandle.current().pid();

    @TempDir
    Path directory;

    private Look look() throws IOException {
        return RunFile.look(directory.resolve(RunFile.NAME));
    }

    @Test
    void shouldBeReleasedWhenThereWasNone() throws Exception {
        assertEquals(new Look(false, false, true, 0, 0), look());
    }

    @Test
    void shouldSayWhoHasItWhenTaken() throws Exception {
        try (RunFile run = RunFile.take(directory)) {
            run.sign();
            IOException refused = assertThrows(IOException.class, () -> RunFile.take(directory));
            assertTrue(refused.getMessage().contains("process " + PID + ";"), refused::getMessage);
        }
    }

    @Test
    void shouldMakeDirectoryAndSayWhyWhenItCannot() throws Exception {
        RunFile.take(directory.resolve("a/b")).close();
        assertTrue(Files.exists(directory.resolve("a/b").resolve(RunFile.NAME)));

        Path file = Files.createFile(directory.resolve("file"));
        IOException refused = assertThrows(IOException.class, () -> RunFile.take(file));
        assertTrue(refused.getMessage().startsWith("state-directory " + file), refused::getMessage);
    }

    @Test
    void shouldLeaveDeathUnlessReleased() throws Exception {
        RunFile run = RunFile.take(directory);
        run.sign();
        run.close();
        Look dead = look();
        assertEquals(new Look(false, false, false, PID, 1), dead);

        RunFile next = RunFile.take(directory);
        next.sign();
        next.sign();
        next.release();
        next.sign();
        next.close();
        assertEquals(new Look(false, false, true, PID, 2), look());
        assertNotEquals(dead, look());
    }

    @Test
    void shouldSayWhetherFormerGuardsMayGoUntilReleased() throws Exception {
        RunFile run = RunFile.take(directory);
        run.takeCharge(true);
        run.sign();
        run.close();
        assertEquals(new Look(false, true, false, PID, 1), look());

        RunFile next = RunFile.take(directory);
        next.takeCharge(true);
        next.takeCharge(false);
        next.close();
        assertEquals(new Look(false, false, false, PID, 0), look());

        RunFile last = RunFile.take(directory);
        last.release();
        last.takeCharge(true);
        last.close();
        assertEquals(new Look(false, false, true, PID, 0), look());
    }

    @Test
    void shouldTakeForeignContentForReleased() throws Exception {
        Files.writeString(directory.resolve(RunFile.NAME), "what is this");
        assertEquals(new Look(false, false, true, 0, 0), look());
    }
}
