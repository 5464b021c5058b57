package io.penstock.perf.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is being done, rewritten in place on a terminal; elsewhere nothing. */
public final class StatusLine {
    private static final String TO_START_AND_CLEAR = "\r\033[K";

    private final PrintStream out;
    private final boolean visible;

    /** On standard error. */
    public StatusLine() {
        out = System.err;
        visible = System.getenv("CI") == null && isTerminal(Path.of("/proc/self/fd/2"));
    }

    public void show(String text) {
        if (visible) {
            out.print(TO_START_AND_CLEAR + "  " + text);
            out.flush();
        }
    }

    public void clear() {
        if (visible) {
            out.print(TO_START_AND_CLEAR);
            out.flush();
        }
    }

    private static boolean isTerminal(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException none) {
            return false;
        }
    }
}
