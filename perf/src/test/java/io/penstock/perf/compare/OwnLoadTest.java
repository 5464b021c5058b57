package io.penstock.perf.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class OwnLoadTest {
    /** Serves as many units as the rate it is told, 7 without one. */
    private static final String FAKE = """
            echo ready
            while read -r go rate && [ "$go" = go ]; do
                echo start; echo end
                echo "{\\"units\\": ${rate:-7}, \\"seconds\\": 3.5, \\"failures\\": 1, \\"p99_us\\": 42.5}"
            done
            """;

    private static final double EXACT = 0;

    @TempDir
    private Path directory;

    private final List<String> marks = new ArrayList<>();
    private final Window window = new Window() {
        @Override
        public void open() {
            marks.add("open");
        }

        @Override
        public void close() {
            marks.add("close");
        }
    };

    @Test
    void shouldMeasureAsOftenAsAsked() throws IOException, InterruptedException {
        try (OwnLoad load = start(FAKE)) {
            Work first = load.run(1, Pace.USUAL, window);
            assertEquals(7, first.units(), EXACT);
            assertEquals(3.5, first.seconds(), EXACT);
            assertEquals(1, first.failures());
            assertEquals(42.5, first.latency().p99Us(), EXACT);
            assertEquals(1_234, load.run(1, Pace.perSecond(1_234.4), window).units(), EXACT);
        }
        assertEquals(List.of("open", "close", "open", "close"), marks);
    }

    @Test
    void shouldFailWithItsLastWordsWhenTheGeneratorEnds() throws IOException, InterruptedException {
        try (OwnLoad load = start("echo ready; read -r go; echo 'too few descriptors' >&2")) {
            IOException failure = assertThrows(IOException.class, () -> load.run(1, Pace.USUAL, window));
            assertTrue(failure.getMessage().contains("too few descriptors"), failure::getMessage);
        }
    }

    @Test
    void shouldFailWhenNothingCameThrough() throws IOException, InterruptedException {
        try (OwnLoad load = start(FAKE)) {
            assertThrows(IOException.class, () -> load.run(1, Pace.CAPACITY, window));
        }
    }

    private OwnLoad start(String script) throws IOException, InterruptedException {
        return new OwnLoad(List.of("sh", "-c", script), directory.resolve("log"));
    }
}
