package io.penstock.bgp.control;

import io.penstock.bgp.control.Delivery.Planned;
import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.rib.Change;
import io.penstock.net.IpPrefix;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Changes on their way to the daemon: not too many at once, and never two of one prefix, which may overtake each other. */
final class Deliveries {
    /** So many keep the daemon busy for as long as an answer takes. */
    static final int WINDOW = 64;

    private final BgpDaemon daemon;
    private final Calls calls;
    private final Outcome outcome;
    private final Map<IpPrefix, Delivery> underWay = new HashMap<>();
    private final Deque<Planned> waiting = new ArrayDeque<>();

    /** What becomes of them; also of those of a former way to the daemon. */
    interface Outcome {
        void onTaken(Delivery delivery);

        void onFailed(Delivery delivery, DaemonException why);
    }

    Deliveries(BgpDaemon daemon, Calls calls, Outcome outcome) {
        this.daemon = daemon;
        this.calls = calls;
        this.outcome = outcome;
    }

    /** Instead of those that wait. */
    void replace(Collection<Planned> changes) {
        waiting.clear();
        waiting.addAll(changes);
    }

    /** Returns whether any went. */
    boolean send(long generation) {
        boolean sent = false;
        while (underWay.size() < WINDOW && !waiting.isEmpty()) {
            send(new Delivery(waiting.poll(), generation, calls.nowNs()));
            sent = true;
        }
        return sent;
    }

    private void send(Delivery delivery) {
        Change change = delivery.change;
        underWay.put(change.prefix(), delivery);
        calls.await(
                tell(change),
                done -> {
                    underWay.remove(change.prefix());
                    outcome.onTaken(delivery);
                },
                why -> {
                    underWay.remove(change.prefix());
                    outcome.onFailed(delivery, why);
                });
    }

    private CompletableFuture<Void> tell(Change change) {
        return change instanceof Change.Announce announce
                ? daemon.announce(announce.prefix(), announce.attributes())
                : daemon.withdraw(change.prefix());
    }

    Optional<Delivery> underWay(IpPrefix prefix) {
        return Optional.ofNullable(underWay.get(prefix));
    }

    /** Whether no answer is waited for. */
    boolean isIdle() {
        return underWay.isEmpty();
    }
}
