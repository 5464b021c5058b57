package io.penstock.forwarder.client.top;

/** A key that was pressed; {@code character} is of those that have one. */
record Key(Kind kind, char character) {
    enum Kind {
        CHARACTER,
        ENTER,
        ESCAPE,
        BACKSPACE,
        UP,
        DOWN,
        LEFT,
        RIGHT,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        /** Nobody types any more: the terminal is gone. */
        CLOSED
    }

    static Key of(Kind kind) {
        return new Key(kind, '\0');
    }

    static Key of(char character) {
        return new Key(Kind.CHARACTER, character);
    }
}
