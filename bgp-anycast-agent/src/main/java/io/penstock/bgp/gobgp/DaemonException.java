package io.penstock.bgp.gobgp;

import java.io.IOException;

/** A daemon did not do what it was asked. The message is for people. */
public final class DaemonException extends IOException {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    /** Why not. */
    public enum Kind {
        /** Nobody answers at its address, or the connection broke. */
        UNREACHABLE,
        /** No answer within the deadline; it may still do it. */
        LATE,
        /** It answered, and will not. */
        REFUSED
    }

    public DaemonException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
