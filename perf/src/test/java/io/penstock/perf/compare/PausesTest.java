package io.penstock.perf.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PausesTest {
    private static final String LONG = "[3.000s][safepoint] Safepoint \"ICBufferFull\", Time since last: 9 ns,"
            + " Reaching safepoint: 7 ns, Cleanup: 1 ns, At safepoint: 2 ns, Total: 1500000 ns";
    private static final String SHORT = "[4.000s][safepoint] Safepoint \"Cleanup\", Total:    250000 ns";

    @Test
    void shouldTellTheLongestOfSafepointsAndNothingElse() {
        assertEquals(1.5, new Pauses(List.of("[0.006s][gc] Using Serial", SHORT, LONG, SHORT)).longestMs());
        assertEquals(0, new Pauses(List.of()).longestMs());
    }

    @Test
    void shouldCountFromItsBeginOn(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("log");
        PauseLog log = new PauseLog(file);
        assertEquals(List.of(), log.sinceBegin().log());
        Files.writeString(file, LONG + "\n");
        log.begin();
        Files.writeString(file, LONG + "\n" + SHORT + "\n");
        assertEquals(List.of(SHORT), log.sinceBegin().log());
    }
}
