package io.penstock.forwarder.it.adversary;

import io.penstock.forwarder.it.adversary.Observed.Finish;

/** Holds what two peers observed against what a direct connection allows; the package's comment has the rules. */
final class Rules {
    private Rules() {}

    /**
     * The first rule that was broken, or null.
     *
     * @param timedOut whether a timeout of the forwarder may have reset both sides
     */
    static String violation(Observed client, Observed backend, boolean timedOut) {
        String atBackend = violation("backend", backend, client, timedOut, timedOut || isAbandoned(client, backend));
        return atBackend != null ? atBackend : violation("client", client, backend, timedOut, timedOut);
    }

    /** A client that resets before its backend is connected has called it off, and what it sent with it. */
    static boolean isAbandoned(Observed client, Observed backend) {
        return client.finish() == Finish.RESET
                && client.acknowledged() > 0
                && client.received() == 0
                && backend.received() == 0
                && !backend.endOfStream();
    }

    private static String violation(
            String name, Observed receiver, Observed sender, boolean mayBeReset, boolean mayLose) {
        if (receiver.endOfStream() && !sender.endedItsStream()) {
            return "the " + name + " saw an end of stream that nobody sent";
        }
        if (receiver.endOfStream() && receiver.received() != sender.sent()) {
            return "the %s saw the end of the stream after %d of %d bytes"
                    .formatted(name, receiver.received(), sender.sent());
        }
        if (receiver.reset() && !mayBeReset && !sender.mayReset(receiver)) {
            return "the " + name + " was reset for no reason";
        }
        if (receiver.drained() && !mayLose && receiver.received() < sender.acknowledged()) {
            return "the %s was reset after %d of the %d bytes that had been acknowledged"
                    .formatted(name, receiver.received(), sender.acknowledged());
        }
        return null;
    }

    /** Whether a direct connection has only this outcome: nobody reset, nothing was left unread. */
    static boolean isDeterministic(Observed client, Observed backend) {
        return !client.reset() && !backend.reset() && !client.mayReset(backend) && !backend.mayReset(client);
    }
}
