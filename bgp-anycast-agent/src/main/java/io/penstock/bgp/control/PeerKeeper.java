package io.penstock.bgp.control;

import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.net.IpAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps the daemon's neighbours as they are configured, when they are: one change at a time, and a look at all of them after each. Those of
 * others are left alone, also where the configuration has the same address. Of the agent's thread.
 */
final class PeerKeeper {
    static final long RETRY_NS = 5_000_000_000L;

    private static final long NEVER = Long.MAX_VALUE;

    private final BgpDaemon daemon;
    private final DaemonLink link;
    private final Calls calls;
    private final Neighbours neighbours;
    private final PeerEvents events;
    private final Map<IpAddress, PeerConfig> made = new HashMap<>();
    private final Map<IpAddress, Refusal> refusals = new HashMap<>();
    private Optional<LargeCommunity> owner = Optional.empty();
    private boolean managed;
    private boolean busy;
    private boolean lookWanted;
    private long dueNs = NEVER;

    /** Of what the configuration asks of a neighbour. */
    private record Refusal(String why, long retryAtNs) {}

    PeerKeeper(BgpDaemon daemon, DaemonLink link, Calls calls, Neighbours neighbours, PeerEvents events) {
        this.daemon = daemon;
        this.link = link;
        this.calls = calls;
        this.neighbours = neighbours;
        this.events = events;
    }

    /** @param peers empty to leave them to others */
    void reconfigure(Optional<Map<String, PeerConfig>> peers) {
        managed = peers.isPresent();
        neighbours.reconfigure(peers);
        refusals.clear();
        dueNs = Long.MIN_VALUE;
    }

    /** Which are its own from now on. */
    void mark(LargeCommunity next) {
        owner = Optional.of(next);
    }

    /** They are known anew. */
    void onPeers() {
        dueNs = Long.MIN_VALUE;
    }

    void onLost() {
        made.clear();
        refusals.clear();
        busy = false;
        lookWanted = false;
    }

    /** What is known of them is not the whole of it. */
    void look() {
        lookWanted = true;
    }

    long deadlineNs() {
        return link.isUp() && !busy ? dueNs : NEVER;
    }

    /** Returns whether there was something to do. */
    boolean turn(long nowNs) {
        if (!link.isUp() || busy) {
            return false;
        }
        if (lookWanted) {
            askForAll();
            return true;
        }
        if (!neighbours.areKnown() || nowNs < dueNs) {
            return false;
        }
        dueNs = NEVER;
        if (managed && owner.isPresent()) {
            removeOrMake(owner.get(), nowNs);
        }
        return true;
    }

    private void askForAll() {
        busy = true;
        lookWanted = false;
        link.call(
                daemon.peers(),
                peers -> {
                    busy = false;
                    neighbours.onPeers(peers);
                    onPeers();
                },
                link::lost);
    }

    private void removeOrMake(LargeCommunity mark, long nowNs) {
        Map<IpAddress, PeerConfig> configured = neighbours.configured();
        for (Map.Entry<IpAddress, PeerView> one : neighbours.seen().entrySet()) {
            boolean leftOver =
                    !configured.containsKey(one.getKey()) && one.getValue().isOwn(mark, false);
            if (leftOver && isDue(one.getKey(), nowNs)) {
                made.remove(one.getKey());
                perform(
                        one.getKey(),
                        one.getValue().name(),
                        daemon.deletePeer(one.getValue().address()));
                return;
            }
        }
        for (PeerConfig peer : configured.values()) {
            if (isDue(peer.address(), nowNs) && make(peer, mark, nowNs)) {
                return;
            }
        }
    }

    private boolean isDue(IpAddress address, long nowNs) {
        Refusal refusal = refusals.get(address);
        if (refusal == null || nowNs >= refusal.retryAtNs()) {
            return true;
        }
        dueNs = Math.min(dueNs, refusal.retryAtNs());
        return false;
    }

    /** Returns whether something is under way now. */
    private boolean make(PeerConfig peer, LargeCommunity mark, long nowNs) {
        Optional<PeerView> there = neighbours.find(peer.address());
        if (there.isPresent() && !there.get().isOwn(mark, true)) {
            refused(peer.address(), peer.name(), "somebody else has it in the daemon, and it stays like that", nowNs);
            return false;
        }
        if (there.isPresent() && peer.equals(made.get(peer.address()))) {
            return false;
        }
        made.put(peer.address(), peer);
        // One of a former run may be as it should be: the daemon's client looks before it ends a session.
        perform(
                peer.address(),
                peer.name(),
                there.isPresent() ? daemon.updatePeer(peer, mark) : daemon.addPeer(peer, mark));
        return true;
    }

    private void perform(IpAddress address, String name, CompletableFuture<Void> call) {
        busy = true;
        link.call(
                call,
                done -> {
                    busy = false;
                    refusals.remove(address);
                    look();
                },
                why -> {
                    if (why.kind() == DaemonException.Kind.REFUSED) {
                        busy = false;
                        made.remove(address);
                        refused(address, name, why.getMessage(), calls.nowNs());
                        look();
                    } else {
                        link.lost(why);
                    }
                });
    }

    private void refused(IpAddress address, String name, String why, long nowNs) {
        Refusal before = refusals.put(address, new Refusal(why, nowNs + RETRY_NS));
        dueNs = Math.min(dueNs, nowNs + RETRY_NS);
        if (before == null || !before.why().equals(why)) {
            events.refused(name, address.toString(), why);
        }
    }
}
