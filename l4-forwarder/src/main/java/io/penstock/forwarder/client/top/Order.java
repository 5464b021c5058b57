package io.penstock.forwarder.client.top;

import java.util.Locale;

/** By which column backends are ordered, as keys go through them. */
public enum Order {
    NAME("BACKEND"),
    STATE("STATE"),
    WEIGHT("WEIGHT"),
    OPEN("OPEN"),
    PENDING("PENDING"),
    NEW("NEW/S"),
    FAIL("FAIL/S"),
    IN("IN/S"),
    OUT("OUT/S"),
    CONNECT("CONNECT"),
    FIRST_BYTE("1ST BYTE");

    private final String title;

    Order(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** As it is written on a command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
