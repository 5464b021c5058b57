package io.penstock.health.config;

import io.penstock.config.CommandWords;
import io.penstock.config.ConfigSection;
import io.penstock.health.Probe;
import java.util.List;

/** Reads {@code exec} of a check. */
final class ExecReader {
    /** One line is shown; the rest only keeps the program from blocking. */
    static final int OUTPUT_MAX_BYTES = 4096;

    private ExecReader() {}

    static Probe read(ConfigSection exec) {
        List<String> command = CommandWords.readAbsolute(exec);
        return ProbeReader.ifSound(exec, () -> new Probe.Exec(command, OUTPUT_MAX_BYTES));
    }
}
