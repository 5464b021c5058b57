package io.penstock.health;

/** What is said over a stream, and which answer is a success. One for all probes of a check. */
@FunctionalInterface
interface Dialogue {
    /** The stream stands and nothing was read yet. Ends it with a result, now or later. */
    void begin(StreamAttempt stream);
}
