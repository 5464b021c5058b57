package io.penstock.bgp.control;

import io.penstock.bgp.config.GlobalConfig;
import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.bgp.event.EventRecorder;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonIdentity;
import io.penstock.events.Event.Level;
import java.util.Map;

/** What is recorded of the way to the daemon. */
final class LinkEvents {
    private static final String STATE = "state";
    private static final String ASN = "asn";

    private final EventRecorder recorder;

    LinkEvents(EventRecorder recorder) {
        this.recorder = recorder;
    }

    /** @param trouble with it nevertheless; may be empty */
    void connected(DaemonIdentity identity, String trouble) {
        record(
                trouble.isEmpty() ? Level.INFO : Level.WARN,
                "connected to AS " + identity.asn() + ", router-id " + identity.routerId()
                        + (trouble.isEmpty() ? "" : ": " + trouble),
                Map.of(STATE, "connected", ASN, Long.toString(identity.asn())));
    }

    /** It is there again, and has nothing of what it had. */
    void restarted(int paths) {
        record(
                Level.WARN,
                "it has begun anew, without the " + paths + " paths that it had taken",
                Map.of(STATE, "restarted"));
    }

    void lost(DaemonException why) {
        record(Level.WARN, "lost: " + why.getMessage(), Map.of(STATE, "lost", "cause", why.getMessage()));
    }

    void notStarted(String why) {
        record(Level.WARN, why, Map.of(STATE, "not-started", "cause", why));
    }

    void started(GlobalConfig global) {
        record(
                Level.INFO,
                "started as AS " + global.asn() + ", router-id " + global.routerId(),
                Map.of(STATE, "started", ASN, Long.toString(global.asn())));
    }

    private void record(Level level, String text, Map<String, String> details) {
        recorder.record(new BgpEvent(Kind.DAEMON, level, BgpEvent.AGENT, text, details));
    }
}
