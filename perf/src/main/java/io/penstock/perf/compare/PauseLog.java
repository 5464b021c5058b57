package io.penstock.perf.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A JVM's log of safepoints and collections, in a file that the JVM writes. */
final class PauseLog {
    private final Path file;
    private int linesBefore;

    PauseLog(Path file) {
        this.file = file;
    }

    /** What makes a JVM write it. */
    String option() {
        return "-Xlog:safepoint,gc:file=" + file + ":uptime,tags:filecount=0";
    }

    /** What was logged so far does not count. */
    void begin() throws IOException {
        linesBefore = lines().size();
    }

    Pauses sinceBegin() throws IOException {
        List<String> lines = lines();
        return new Pauses(lines.subList(Math.min(linesBefore, lines.size()), lines.size()));
    }

    private List<String> lines() throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
