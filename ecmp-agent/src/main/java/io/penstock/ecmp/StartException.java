package io.penstock.ecmp;

/** The process cannot start for a reason an operator can mend; the message is one line for them. */
final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    StartException(String message) {
        super(message);
    }
}
