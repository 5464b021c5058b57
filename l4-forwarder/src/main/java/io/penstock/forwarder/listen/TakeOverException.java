package io.penstock.forwarder.listen;

/** A hand-over did not come about; the message says why. */
public final class TakeOverException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean gone;

    private TakeOverException(String message, boolean gone) {
        super(message);
        this.gone = gone;
    }

    TakeOverException(String message) {
        this(message, false);
    }

    static TakeOverException gone() {
        return new TakeOverException("the other process has gone", true);
    }

    /** Whether the other process has closed the connection, by ending for one, and not refused. */
    boolean isGone() {
        return gone;
    }
}
