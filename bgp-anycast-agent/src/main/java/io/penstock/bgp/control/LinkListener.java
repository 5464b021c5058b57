package io.penstock.bgp.control;

import io.penstock.bgp.gobgp.DaemonIdentity;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.util.List;

/** What comes from the daemon while there is a way to it. On the agent's thread. */
interface LinkListener {
    /** Before anything else of a new way to it. */
    void onIdentity(DaemonIdentity identity);

    /** All of its table is asked for now. */
    void onListing();

    /** See {@link io.penstock.bgp.gobgp.BgpDaemon#paths}. */
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
