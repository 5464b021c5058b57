package io.penstock.bgp.control;

import io.penstock.bgp.gobgp.DaemonIdentity;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What comes from the daemon while there is a way to it. On the agent's thread. */
interface LinkListener {
    /** Before anything else of a new way to it. */
    void onIdentity(DaemonIdentity identity);

    /** Its table is asked for now: what is at these prefixes, or all of it when there is none to be returned. */
    Optional<Set<IpPrefix>> onListing();

    /** What was asked for last. */
    void onListed(List<RibPath> paths);

    /** See {@link io.penstock.bgp.gobgp.DaemonListener#onPath}. */
    void onPath(RibPath path);

    /** The last path of a prefix left its table. */
    void onWithdrawn(IpPrefix prefix);

    /** All of its neighbours. */
    void onPeers(List<PeerView> peers);

    /** See {@link io.penstock.bgp.gobgp.DaemonListener#onPeer}. */
    void onPeer(PeerView peer);

    /** Nothing is known of it any more. */
    void onLost();
}
