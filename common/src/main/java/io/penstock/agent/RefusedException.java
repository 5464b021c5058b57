package io.penstock.agent;

/** An order cannot be carried out; the message is one line for whoever gave it. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean unknown;

    private RefusedException(String message, boolean unknown) {
        super(message);
        this.unknown = unknown;
    }

    /** It is about something that does not exist. */
    public static RefusedException unknown(String message) {
        return new RefusedException(message, true);
    }

    /** It cannot be carried out as things stand. */
    public static RefusedException because(String message) {
        return new RefusedException(message, false);
    }

    public boolean isUnknown() {
        return unknown;
    }
}
