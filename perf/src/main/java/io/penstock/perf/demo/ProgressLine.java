package io.penstock.perf.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Help.Ansi;

/**
 * How far the clients are: one line rewritten in place on a terminal, a plain line now and then elsewhere. NOT thread
 * safe.
 */
final class ProgressLine {
    private static final long PLAIN_EVERY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int BAR_MAX = 40;
    private static final int BAR_MIN = 10;
    private static final int DEFAULT_WIDTH = 80;
    private static final String TO_START_AND_CLEAR = "\r\033[K";

    private final PrintStream out;
    private final Ansi ansi;
    private final int width;
    private boolean begun;
    private long nextPlainNs;

    /** @param width columns of the terminal; 0 for none, then only plain lines are printed */
    ProgressLine(PrintStream out, Ansi ansi, int width) {
        this.out = out;
        this.ansi = ansi;
        this.width = width;
    }

    /** The columns of the terminal at standard output; 0 when it is none or nobody watches ({@code CI}). */
    static int terminalWidth() {
        if (System.getenv("CI") != null || !isTerminal(Path.of("/proc/self/fd/1"))) {
            return 0;
        }
        try (Terminal terminal =
                TerminalBuilder.builder().system(true).dumb(true).build()) {
            return terminal.getWidth() > 0 ? terminal.getWidth() : DEFAULT_WIDTH;
        } catch (IOException unknown) {
            return DEFAULT_WIDTH;
        }
    }

    // System.console() asks for standard input too, and on newer JDKs is there without any terminal.
    private static boolean isTerminal(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException none) {
            return false;
        }
    }

    void update(long done, long total, String note, long nowNs) {
        if (width > 0) {
            out.print(TO_START_AND_CLEAR + bar(done, total, note));
            out.flush();
        } else if (!begun) {
            begun = true;
            nextPlainNs = nowNs + PLAIN_EVERY_NS;
        } else if (nowNs - nextPlainNs >= 0) {
            nextPlainNs = nowNs + PLAIN_EVERY_NS;
            out.printf("  %,d of %,d connections%s%n", done, total, note.isEmpty() ? "" : ", " + note);
        }
    }

    private String bar(long done, long total, String note) {
        String text = String.format(" %,d of %,d  %s", done, total, note);
        int cells = Math.min(BAR_MAX, Math.max(BAR_MIN, width - text.length() - 5));
        int full = (int) (cells * Math.min(done, total) / Math.max(1, total));
        text = text.substring(0, Math.max(0, Math.min(text.length(), width - cells - 3)));
        return "  " + ansi.string("@|cyan " + "━".repeat(full) + "|@@|faint " + "━".repeat(cells - full) + "|@") + text;
    }

    /** Prints a line of the story; the progress goes on below it. */
    void say(String line) {
        clear();
        out.println(ansi.string(line));
    }

    void clear() {
        if (width > 0) {
            out.print(TO_START_AND_CLEAR);
            out.flush();
        }
    }
}
