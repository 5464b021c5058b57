package io.penstock.forwarder.operate;

import java.time.Instant;
import java.util.List;

/**
 * What came of reading the file again.
 *
 * @param trigger what asked for it: {@code start}, {@code signal}, {@code file} or {@code api}
 * @param applied false when the file was refused and nothing changed
 * @param changes what is different now, a line each, such as {@code pool web: backend web-3 added}
 * @param problems why it was refused, as the reader or the kernel says it
 * @param needRestart settings that changed in the file and stay as they were until a restart, such as {@code workers}
 */
public record ReloadResult(
        Instant at,
        String trigger,
        boolean applied,
        List<String> changes,
        List<String> problems,
        List<String> needRestart) {}
