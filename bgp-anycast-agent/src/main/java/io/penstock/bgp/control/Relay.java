package io.penstock.bgp.control;

import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonListener;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;

/** Brings what a watch tells onto the agent's thread, as long as its attempt at the way to the daemon is the last. */
final class Relay implements DaemonListener {
    private final Calls calls;
    private final DaemonLink link;
    private final LinkListener listener;
    private final long generation;

    Relay(Calls calls, DaemonLink link, LinkListener listener, long generation) {
        this.calls = calls;
        this.link = link;
        this.listener = listener;
        this.generation = generation;
    }

    private void tell(Runnable news) {
        calls.later(() -> {
            if (link.generation() == generation) {
                news.run();
            }
        });
    }

    @Override
    public void onWatching() {
        tell(link::onWatching);
    }

    @Override
    public void onPath(RibPath path) {
        tell(() -> listener.onPath(path));
    }

    @Override
    public void onWithdrawn(IpPrefix prefix, boolean local) {
        tell(() -> listener.onWithdrawn(prefix));
    }

    @Override
    public void onPeer(PeerView peer) {
        tell(() -> listener.onPeer(peer));
    }

    @Override
    public void onLost(DaemonException why) {
        tell(() -> link.lost(why));
    }
}
