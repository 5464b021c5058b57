package io.penstock.perf.lab;

import java.util.Optional;

/**
 * Who served a request: a backend of the lab answers with its name and the address that asked it.
 *
 * @param forwarder its address on the backends' side
 */
public record Answer(String backend, String forwarder) {
    /** From a body such as {@code b2 10.0.9.1}; empty for anything else. */
    static Optional<Answer> parse(String body) {
        String[] words = body.strip().split(" ", -1);
        return words.length == 2 && !words[0].isEmpty() && !words[1].isEmpty()
                ? Optional.of(new Answer(words[0], words[1]))
                : Optional.empty();
    }
}
