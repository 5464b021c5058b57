package io.penstock.bgp.operate;

import io.penstock.bgp.gobgp.DaemonIdentity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How an agent is.
 *
 * @param atNs when, on the agent's clock
 * @param daemon the address of its API
 * @param link how the way there is
 * @param identity of the daemon, as last heard
 * @param trouble why the link is not up; empty when it is
 * @param foreign paths of others in the daemon's table
 */
public record AgentStatus(
        Phase phase,
        long atNs,
        String daemon,
        Link link,
        Optional<DaemonIdentity> identity,
        String trouble,
        int foreign,
        List<PeerStatus> peers,
        List<VipStatus> vips) {
    /** Of the process. */
    public enum Phase {
        STARTING,
        RUNNING,
        STOPPING,
        ENDED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** To the daemon. */
    public enum Link {
        /** Nobody answers there. */
        DOWN,
        /** It answers, but nobody has started BGP in it. */
        NOT_STARTED,
        /** Its table is being read. */
        SYNCHRONISING,
        UP;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public AgentStatus {
        peers = List.copyOf(peers);
        vips = List.copyOf(vips);
    }
}
