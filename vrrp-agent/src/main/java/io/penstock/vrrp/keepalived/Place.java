package io.penstock.vrrp.keepalived;

/** Where something is said; line and column count from 1. */
record Place(String file, int line, int column) {
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
