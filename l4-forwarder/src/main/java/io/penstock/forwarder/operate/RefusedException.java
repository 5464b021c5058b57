package io.penstock.forwarder.operate;

/** What was asked for cannot be done, and nothing was; the message says why. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean unknown;

    private RefusedException(String message, boolean unknown) {
        super(message);
        this.unknown = unknown;
    }

    public static RefusedException because(String message) {
        return new RefusedException(message, false);
    }

    /** What it is of does not exist. */
    public static RefusedException unknown(String message) {
        return new RefusedException(message, true);
    }

    /** Whether what was asked about does not exist. */
    public boolean isUnknown() {
        return unknown;
    }
}
