package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** {@code scripts/lab ecmp traffic} as it runs: its lines are read one by one. {@link #close} ends it, by force if need be. */
final class LabTraffic implements AutoCloseable {
    private static final String TOTAL = "event=traffic ";
    private static final int END_LIMIT_S = 20;

    private final Process process;
    private final BufferedReader lines;
    private final StringBuilder said = new StringBuilder();
    private List<String> columns = List.of();

    LabTraffic(Lab lab, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("traffic"));
        words.addAll(List.of(options));
        process = lab.start(words.toArray(String[]::new));
        lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /** A line, by the head's columns: {@code served}, {@code f1}, {@code b1}, {@code failed}, {@code lasting}. */
    record Second(Map<String, Integer> values) {
        int of(String column) {
            return values.getOrDefault(column, 0);
        }
    }

    /** Reads on until so many seconds in a row were so. Fails the test when the clients end before. */
    void await(int seconds, Predicate<Second> wanted) throws IOException {
        int row = 0;
        while (row < seconds) {
            String line = next();
            if (line.startsWith("second ")) {
                columns = words(line);
            } else if (!columns.isEmpty() && line.matches("[ |\\-0-9ms]+")) {
                row = wanted.test(second(words(line))) ? row + 1 : 0;
            }
        }
    }

    private String next() throws IOException {
        String line = lines.readLine();
        assertTrue(line != null && !line.startsWith(TOTAL), () -> "ended meanwhile:\n" + said);
        said.append(line).append('\n');
        return line;
    }

    private static List<String> words(String line) {
        return Arrays.stream(line.replace("|", "").replace(" ms", "").strip().split(" +", -1))
                .toList();
    }

    private Second second(List<String> words) {
        Map<String, Integer> values = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            values.put(columns.get(i), Integer.valueOf(words.get(i)));
        }
        return new Second(values);
    }

    /** Ends the clients, whose last words are still read; what they counted in all, by its name. */
    Map<String, Integer> end() throws IOException {
        process.toHandle().destroy();
        return total();
    }

    /** Waits for the end; what was counted in all, by its name. */
    Map<String, Integer> total() throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.append(line).append('\n');
            if (line.startsWith(TOTAL)) {
                Map<String, Integer> total = new HashMap<>();
                for (String word : line.substring(TOTAL.length()).split(" ", -1)) {
                    total.put(
                            word.substring(0, word.indexOf('=')),
                            Integer.valueOf(word.substring(word.indexOf('=') + 1)));
                }
                return total;
            }
        }
        throw new AssertionError("no total:\n" + said);
    }

    /** What was printed so far. */
    String said() {
        return said.toString();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, END_LIMIT_S, TimeUnit.SECONDS)
                .join()
                .destroyForcibly();
    }
}
