package io.penstock.bgp.gobgp.v3;

import com.google.protobuf.Timestamp;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.gobgp.v3.api.Peer;
import io.penstock.bgp.gobgp.v3.api.PeerState;
import java.time.Duration;
import java.time.Instant;

/** Neighbours from messages. */
final class PeerReader {
    private PeerReader() {}

    /** @param now by the daemon's clock, which is taken for this host's */
    static PeerView read(Peer peer, Instant now) {
        PeerState state = peer.getState();
        PeerView.State session = state(state.getSessionState());
        return new PeerView(
                state.getNeighborAddress().isEmpty() ? peer.getConf().getNeighborAddress() : state.getNeighborAddress(),
                peer.getConf().getDescription(),
                Integer.toUnsignedLong(state.getPeerAsn() == 0 ? peer.getConf().getPeerAsn() : state.getPeerAsn()),
                session,
                session == PeerView.State.ESTABLISHED ? upFor(peer, now) : Duration.ZERO,
                why(state.getAdminState()));
    }

    private static PeerView.State state(PeerState.SessionState state) {
        return switch (state) {
            case IDLE -> PeerView.State.IDLE;
            case CONNECT -> PeerView.State.CONNECT;
            case ACTIVE -> PeerView.State.ACTIVE;
            case OPENSENT -> PeerView.State.OPENSENT;
            case OPENCONFIRM -> PeerView.State.OPENCONFIRM;
            case ESTABLISHED -> PeerView.State.ESTABLISHED;
            case UNKNOWN, UNRECOGNIZED -> PeerView.State.UNKNOWN;
        };
    }

    private static Duration upFor(Peer peer, Instant now) {
        if (!peer.getTimers().getState().hasUptime()) {
            return Duration.ZERO;
        }
        Timestamp since = peer.getTimers().getState().getUptime();
        // Of whole milliseconds: any number may stand in a message, and a duration holds fewer.
        long sinceMs = clamp(since.getSeconds()) * 1_000 + since.getNanos() / 1_000_000;
        return Duration.ofMillis(Math.max(0, now.toEpochMilli() - sinceMs));
    }

    private static long clamp(long seconds) {
        return Math.max(0, Math.min(seconds, Integer.MAX_VALUE * 16L));
    }

    private static String why(PeerState.AdminState state) {
        return switch (state) {
            case DOWN -> "shut down by an administrator";
            case PFX_CT -> "more prefixes came than are allowed";
            case UP, UNRECOGNIZED -> "";
        };
    }
}
