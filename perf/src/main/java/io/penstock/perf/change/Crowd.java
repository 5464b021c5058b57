package io.penstock.perf.change;

import io.penstock.net.Endpoint;
import io.penstock.perf.change.clients.LongConnections;
import io.penstock.perf.change.clients.NewConnections;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** New connections at a rate, and long ones with an exchange every 100 ms, of which those that break come again. */
final class Crowd {
    private static final int LONG = 200;
    private static final long EXCHANGE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** An exchange that takes longer has broken its connection. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);

    private static final long OPEN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    private final Stage stage;
    private final LongConnections longs;
    private final NewConnections fresh;
    private final LongConnections.Group steady = new LongConnections.Group(true);

    /** Returns once all long ones are open and the new ones have begun. */
    Crowd(Stage stage, double perSecond) throws IOException, InterruptedException {
        this.stage = stage;
        longs = stage.begin(events -> new LongConnections(events, EXCHANGE_INTERVAL_NS, PATIENCE_NS));
        openLong(steady, stage.target(), LONG);
        if (!stage.loop().await(() -> steady.open() == LONG, OPEN_TIMEOUT_NS)) {
            throw new IOException("the long connections could not be opened: " + steady.refusals());
        }
        fresh = stage.begin(events -> NewConnections.atRate(events, stage.target(), List.of(), perSecond));
    }

    /** More long ones, of a group of their own. */
    void openLong(LongConnections.Group group, Endpoint target, int count) throws IOException, InterruptedException {
        stage.loop().call(() -> {
            longs.open(group, target, count);
            return count;
        });
    }

    /** New connections come to an end, and what they saw is returned; then the long ones are closed. */
    NewConnections.Seen leave() throws IOException, InterruptedException {
        NewConnections.Seen seen = stage.finish(fresh);
        stage.loop().end(longs);
        return seen;
    }

    /** Those that were opened at first. */
    LongConnections.Group steady() {
        return steady;
    }
}
