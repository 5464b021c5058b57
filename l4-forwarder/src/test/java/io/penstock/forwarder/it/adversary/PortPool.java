package io.penstock.forwarder.it.adversary;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The ports that scripts meet at, one script at a time each, so that a backend knows whose connection it accepts. Ports
 * from {@code first} on are of a service with long timeouts, the last {@link #HASTY} of one with short ones.
 */
final class PortPool {
    static final int NONE = -1;

    static final int PATIENT = 384;
    static final int HASTY = 128;
    static final int ALL = PATIENT + HASTY;

    /** How long a port rests to which a late connection may still be on its way. */
    private static final long REST_NS = 2_000_000_000L;

    private record Resting(int port, boolean hasty, long untilNs) {}

    private final int first;
    private final Queue<Integer> patient = new ArrayDeque<>();
    private final Queue<Integer> hasty = new ArrayDeque<>();
    private final Queue<Resting> resting = new ArrayDeque<>();

    /** Of {@link #ALL} ports from this one on. */
    PortPool(int first) {
        this.first = first;
        for (int i = 0; i < PATIENT; i++) {
            patient.add(first + i);
        }
        for (int i = PATIENT; i < ALL; i++) {
            hasty.add(first + i);
        }
    }

    String patientPorts() {
        return first + "-" + (first + PATIENT - 1);
    }

    String hastyPorts() {
        return first + PATIENT + "-" + (first + ALL - 1);
    }

    boolean contains(int port) {
        return port >= first && port < first + ALL;
    }

    /** The one that was used longest ago, or {@link #NONE}. */
    int tryTake(boolean wantsHasty, long nowNs) {
        while (!resting.isEmpty() && resting.peek().untilNs <= nowNs) {
            Resting rested = resting.remove();
            giveBack(rested.port, rested.hasty, false, nowNs);
        }
        Integer port = (wantsHasty ? hasty : patient).poll();
        return port == null ? NONE : port;
    }

    void giveBack(int port, boolean isHasty, boolean mustRest, long nowNs) {
        if (mustRest) {
            resting.add(new Resting(port, isHasty, nowNs + REST_NS));
        } else {
            (isHasty ? hasty : patient).add(port);
        }
    }
}
