package io.penstock.linux;

/** Signals, from {@code asm-generic/signal.h}. */
public final class SignalConstants {
    public static final int SIGKILL = 9;

    private SignalConstants() {}
}
