package io.penstock.agent;

import java.time.Instant;
import java.util.List;

/**
 * What became of reading the configuration.
 *
 * @param trigger what asked for it: start, signal, file, api
 * @param applied whether it runs now; if not, nothing has changed
 * @param problems why it was refused
 * @param needRestart settings that were changed in the file and that this process keeps as they were
 */
public record ReloadResult(
        Instant at, String trigger, boolean applied, List<String> problems, List<String> needRestart) {
    public ReloadResult {
        problems = List.copyOf(problems);
        needRestart = List.copyOf(needRestart);
    }
}
