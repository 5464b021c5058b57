package io.penstock.perf.lab.anycast;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How soon agents sent the withdrawal of what could not be served any more, as their logs have it: since the end of the last failed probe. */
final class Reactions {
    private static final Pattern WITHDRAWN = Pattern.compile(" event=withdrawn .* sent-after-ms=([0-9.]+)");

    private final List<Path> logs;
    private final List<Integer> read = new ArrayList<>();

    /** What is in the logs already does not count. */
    Reactions(List<Path> logs) throws IOException {
        this.logs = List.copyOf(logs);
        for (Path log : logs) {
            read.add(Files.readAllLines(log).size());
        }
    }

    /** In milliseconds, in no order. */
    List<Double> millis() throws IOException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < logs.size(); i++) {
            List<String> lines = Files.readAllLines(logs.get(i));
            for (String line : lines.subList(read.get(i), lines.size())) {
                Matcher withdrawn = WITHDRAWN.matcher(line);
                if (withdrawn.find()) {
                    millis.add(Double.parseDouble(withdrawn.group(1)));
                }
            }
        }
        return millis;
    }
}
