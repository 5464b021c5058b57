package io.penstock.perf.rig;

import java.io.IOException;

/** Lines such as {@code VmHWM:  1234 kB} of files under /proc. */
final class ProcFields {
    private ProcFields() {}

    /** The number of the line that begins with {@code name}, in the unit it is written in. */
    static long value(String text, String name) throws IOException {
        for (String line : text.lines().toList()) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).trim().split("\\s+", -1)[0]);
            }
        }
        throw new IOException("no '" + name + "' in: " + text);
    }
}
