package io.penstock.bgp.gobgp;

import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;

/** Told on a thread of the daemon's client, in order; must not block. */
public interface DaemonListener {
    /** The daemon has taken the watch on: what happens after this is told. */
    void onWatching();

    /** A path came into its table, or changed there. */
    void onPath(RibPath path);

    /** A path left its table. */
    void onWithdrawn(IpPrefix prefix, boolean local);

    /** A neighbour was added, changed its state, or went. */
    void onPeer(PeerView peer);

    /** The daemon or the way to it is gone; nothing follows. */
    void onLost(DaemonException why);
}
