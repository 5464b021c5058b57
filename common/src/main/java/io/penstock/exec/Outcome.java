package io.penstock.exec;

import java.io.IOException;

/** What became of a program. */
public sealed interface Outcome {
    /**
     * It ended by itself.
     *
     * @param exitCode 128 and the signal's number when a signal ended it
     * @param output the first octets of what it wrote, its errors among it
     */
    record Ended(int exitCode, String output) implements Outcome {}

    /** It did not, and was killed. */
    record Killed(String output) implements Outcome {}

    /** It could not be started. */
    record NotStarted(IOException cause) implements Outcome {}
}
