package io.penstock.bgp.gobgp;

import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;

/**
 * Told on a thread of the daemon's client, in order; must not block. Of each prefix the best path is told, so where a better one came by
 * BGP, or is left when ours went, {@link #onPath} has that one, and does not say whether ours is still there: list to know. Changes behind
 * the best path are not told at all.
 */
public interface DaemonListener {
    /** The daemon has taken the watch on: what happens after this is told. */
    void onWatching();

    /** A path came into its table or changed there, and is the best one of its prefix. */
    void onPath(RibPath path);

    /**
     * The last path of a prefix left its table.
     *
     * @param local whether it was one that a client had put in by the daemon's API
     */
    void onWithdrawn(IpPrefix prefix, boolean local);

    /**
     * A neighbour was added or changed its state; that one went is not told. Description and time since are not in it: ask for the
     * {@linkplain BgpDaemon#peers() peers}.
     */
    void onPeer(PeerView peer);

    /** The daemon or the way to it is gone; nothing follows. */
    void onLost(DaemonException why);
}
