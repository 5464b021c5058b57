package io.penstock.forwarder.client.top;

/** What the drawing thread is told by the others. */
sealed interface Happening {
    /** A key was pressed. */
    record Pressed(Key key) implements Happening {}

    /** The forwarder answered. */
    record Answered(Sample sample) implements Happening {}

    /** It did not; the reason is for people. */
    record Silent(String reason) implements Happening {}

    /** The terminal has another size, or something else wrote over it. */
    record Resized() implements Happening {}
}
