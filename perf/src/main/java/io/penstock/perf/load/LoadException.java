package io.penstock.perf.load;

/** The load cannot be made: the target does not answer, a port is taken, descriptors ran out. Ends the process. */
public final class LoadException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LoadException(String message) {
        super(message);
    }
}
