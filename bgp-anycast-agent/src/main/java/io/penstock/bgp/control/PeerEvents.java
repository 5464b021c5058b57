package io.penstock.bgp.control;

import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.bgp.event.EventRecorder;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.gobgp.PeerView.State;
import io.penstock.events.Event.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What is recorded of neighbours: sessions that come and go, not each attempt at one. */
final class PeerEvents {
    private static final String ADDRESS = "address";

    private final EventRecorder recorder;

    PeerEvents(EventRecorder recorder) {
        this.recorder = recorder;
    }

    /** @param before empty when it is seen for the first time */
    void changed(String name, Optional<PeerView> before, PeerView now) {
        if (before.isPresent() && before.get().isEstablished() == now.isEstablished()) {
            return;
        }
        boolean lost = before.isPresent() && before.get().isEstablished();
        State from = before.map(PeerView::state).orElse(State.UNKNOWN);
        record(
                lost ? Level.WARN : Level.INFO,
                name,
                now.address(),
                from.label(),
                now.state().label(),
                now.why());
    }

    void removed(String name, PeerView gone) {
        record(Level.INFO, name, gone.address(), gone.state().label(), BgpEvent.REMOVED, "");
    }

    private void record(Level level, String name, String address, String from, String to, String why) {
        Map<String, String> details = new HashMap<>(Map.of("from", from, "to", to, ADDRESS, address));
        if (!why.isEmpty()) {
            details.put("reason", why);
        }
        recorder.record(new BgpEvent(Kind.PEER, level, name, address + ": " + from + " -> " + to, details));
    }

    /** It is not as it was configured. */
    void refused(String name, String address, String why) {
        recorder.record(new BgpEvent(
                Kind.REFUSED,
                Level.ERROR,
                name,
                "neighbour " + address + " is not as configured: " + why,
                Map.of(ADDRESS, address, "cause", why)));
    }
}
