package io.penstock.forwarder.client.xdp;

import java.util.Locale;

/** What became of health checks that go to a VIP, as health.bpf.c counts them. */
enum ProbeCounter {
    /** To their backend, in its encapsulation. */
    SENT(0),
    /** Dropped: the backend has gone. */
    NO_REAL(1),
    /** Dropped: nobody has answered who has the backend's address. */
    NO_MAC(2),
    /** Dropped: no room for the outer header. */
    NO_ROOM(3);

    private final int index;

    ProbeCounter(int index) {
        this.index = index;
    }

    /** In the map. */
    int index() {
        return index;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
