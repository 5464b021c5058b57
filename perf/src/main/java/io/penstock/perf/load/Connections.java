package io.penstock.perf.load;

import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;

/** A fixed number of clients' connections to one target, open or not. */
final class Connections implements AutoCloseable {
    /** Connections or round trips under way at a time while all are opened or checked: far below any listen queue. */
    private static final int PARALLEL = 64;

    /** Generous: 9,200 connections take about a second through a proxy. */
    private static final long EXCHANGE_TIMEOUT_NS = 30_000_000_000L;

    /** A prime, so that the sizes which connections ask for at one time are spread over the cycle. */
    private static final int SIZE_STRIDE = 37;

    private final EventLoop loop;
    private final ClientConnection[] all;
    private int next;

    Connections(EventLoop loop, int count, ResponseSizes sizes) {
        this.loop = loop;
        all = new ClientConnection[count];
        var request = Wire.newRequest();
        for (int i = 0; i < count; i++) {
            all[i] = new ClientConnection(loop, sizes, i * SIZE_STRIDE, request);
        }
    }

    int count() {
        return all.length;
    }

    int countOpen() {
        int open = 0;
        for (ClientConnection connection : all) {
            open += connection.isOpen() ? 1 : 0;
        }
        return open;
    }

    ClientConnection get(int index) {
        return all[index];
    }

    /** Each in its turn, for ever. */
    ClientConnection next() {
        ClientConnection connection = all[next];
        next = next + 1 == all.length ? 0 : next + 1;
        return connection;
    }

    void attend(ClientListener listener) {
        for (ClientConnection connection : all) {
            connection.attend(listener);
        }
    }

    /**
     * Opens those that are closed, each with one round trip, so that the target has accepted it and found a backend;
     * how many those were. Fails with LoadException when one cannot be opened.
     */
    int open(Endpoint target) {
        RoundTrips trips = new RoundTrips();
        trips.run(connection -> {
            if (connection.isOpen()) {
                return false;
            }
            int result = connection.connect(target);
            if (result < 0) {
                throw new LoadException("cannot connect to " + target + ": " + Errno.describe(-result));
            }
            return true;
        });
        if (trips.failed > 0 || trips.answered < trips.begun) {
            throw new LoadException("of " + trips.begun + " connections to " + target + ", " + trips.answered
                    + " could be opened" + (trips.reason == null ? "" : ": " + trips.reason));
        }
        return trips.answered;
    }

    /** How many still carry a round trip. */
    int countAlive() {
        RoundTrips trips = new RoundTrips();
        trips.run(ClientConnection::isOpen);
        return trips.answered;
    }

    /** Waits for outstanding responses for at most so long; how many requests are still without one. */
    int drain(long timeoutNs) {
        long deadlineNs = System.nanoTime() + timeoutNs;
        int outstanding = outstanding();
        while (outstanding > 0 && System.nanoTime() - deadlineNs < 0) {
            loop.turn(0);
            outstanding = outstanding();
        }
        return outstanding;
    }

    private int outstanding() {
        int outstanding = 0;
        for (ClientConnection connection : all) {
            outstanding += connection.outstanding();
        }
        return outstanding;
    }

    @Override
    public void close() {
        for (ClientConnection connection : all) {
            connection.close();
        }
    }

    /** Whether a connection takes part in a round of {@link RoundTrips}. */
    @FunctionalInterface
    private interface Choice {
        boolean takesPart(ClientConnection connection);
    }

    /** One request on each chosen connection, a bounded number at a time. */
    private final class RoundTrips implements ClientListener {
        private int begun;
        private int answered;
        private int failed;
        private String reason;

        private void run(Choice choice) {
            attend(this);
            long deadlineNs = System.nanoTime() + EXCHANGE_TIMEOUT_NS;
            int index = 0;
            while (index < all.length || answered + failed < begun) {
                while (index < all.length && begun - answered - failed < PARALLEL) {
                    ClientConnection connection = all[index++];
                    if (choice.takesPart(connection)) {
                        begun++;
                        connection.request(System.nanoTime());
                    }
                }
                loop.turn(0);
                if (System.nanoTime() - deadlineNs >= 0) {
                    reason = "timed out";
                    return;
                }
            }
        }

        @Override
        public void onResponse(ClientConnection connection, long intendedNs, int bytes) {
            answered++;
        }

        @Override
        public void onFailure(ClientConnection connection, String why, int lost) {
            // One that ended without a request under way was answered before.
            failed += Math.min(1, lost);
            reason = why;
        }
    }
}
