package io.penstock.bgp.gobgp.v3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonListener;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a listener was told, a line each, in order. */
final class HeardEvents implements DaemonListener {
    private static final int LIMIT_S = 40;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private volatile long atNs;
    private volatile String thread;

    private void add(String line) {
        atNs = System.nanoTime();
        thread = Thread.currentThread().getName();
        lines.add(line);
    }

    @Override
    public void onWatching() {
        add("watching");
    }

    @Override
    public void onPath(RibPath path) {
        add("path " + path.prefix() + (path.local() ? " local " : " ")
                + path.attributes().largeCommunities());
    }

    @Override
    public void onWithdrawn(IpPrefix prefix, boolean local) {
        add("withdrawn " + prefix + (local ? " local" : ""));
    }

    @Override
    public void onPeer(PeerView peer) {
        add("peer " + peer.address() + " " + peer.state());
    }

    @Override
    public void onLost(DaemonException why) {
        add("lost " + why.kind());
    }

    String next() throws InterruptedException {
        String line = lines.poll(LIMIT_S, TimeUnit.SECONDS);
        assertNotNull(line, "nothing was told");
        return line;
    }

    void expect(String line) throws InterruptedException {
        assertEquals(line, next());
    }

    /** Whatever comes before. */
    void await(String line) throws InterruptedException {
        while (!next().equals(line)) {
            // Another.
        }
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** When the last line came. */
    long atNs() {
        return atNs;
    }

    /** On which thread the last line came. */
    String thread() {
        return thread;
    }
}
