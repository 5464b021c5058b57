package io.penstock.forwarder.event;

/** Whose an event is: the last eight bits of an {@link EventToken}. */
public final class EventKind {
    public static final int WAKEUP = 0;
    public static final int TCP_LISTENER = 1;
    public static final int TCP_CLIENT = 2;
    public static final int TCP_BACKEND = 3;
    public static final int UDP_LISTENER = 4;
    public static final int UDP_BACKEND = 5;

    private EventKind() {}

    /** Whether a socket of UDP has it. */
    public static boolean isUdp(int kind) {
        return kind == UDP_LISTENER || kind == UDP_BACKEND;
    }
}
