package io.penstock.agent;

/** The process cannot start for a reason an operator can mend; the message is one line for them. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    public StartException(String message) {
        super(message);
    }
}
