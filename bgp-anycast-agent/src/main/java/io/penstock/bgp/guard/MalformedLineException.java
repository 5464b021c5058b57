package io.penstock.bgp.guard;

/** A line is not what a guard understands; the message says why. */
final class MalformedLineException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedLineException(String message) {
        super(message);
    }
}
