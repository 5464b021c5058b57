package io.penstock.bgp.guard;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A guard's process, and the pipes to and from it. One thread's own. */
final class GuardChild {
    /** Of one answer; a guard says less. */
    private static final int MAX_ANSWER_CHARS = 1_024;

    private final Process process;
    private final OutputStream words;
    private final InputStream answers;
    private final StringBuilder answer = new StringBuilder();

    private GuardChild(Process process) {
        this.process = process;
        words = process.getOutputStream();
        answers = process.getInputStream();
    }

    static GuardChild start(ProcessBuilder builder) throws IOException {
        return new GuardChild(builder.start());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Of one that is not alive. */
    int exitCode() {
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    void charge(Charge charge) throws IOException {
        StringBuilder lines = new StringBuilder(WordReader.BEGIN).append('\n');
        ChargeText.of(charge).forEach(line -> lines.append(line).append('\n'));
        say(lines.append(WordReader.END).toString());
    }

    /** One word, at once; a pipe holds many more than are ever left in it by one that is still taken for alive. */
    void say(String word) throws IOException {
        words.write((word + "\n").getBytes(StandardCharsets.UTF_8));
        words.flush();
    }

    /** Whole lines that have come since; never waits. */
    List<String> answers() {
        List<String> lines = new ArrayList<>();
        try {
            while (answers.available() > 0) {
                char next = (char) answers.read();
                if (next == '\n') {
                    lines.add(answer.toString());
                    answer.setLength(0);
                } else if (answer.length() < MAX_ANSWER_CHARS) {
                    answer.append(next);
                }
            }
        } catch (IOException e) {
            // Nothing more comes: it has ended, which its process says.
            return lines;
        }
        return lines;
    }

    /** The agent's end of the pipe goes, as if the agent had. */
    void hangUp() {
        try {
            words.close();
        } catch (IOException e) {
            // The pipe was broken: the guard has ended before.
            return;
        }
    }

    boolean awaitEnd(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** It withdraws nothing any more. */
    void kill() {
        process.destroyForcibly();
    }
}
