package io.penstock.bgp.control;

import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.gobgp.PeerView.State;
import io.penstock.bgp.operate.PeerStatus;
import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The daemon's neighbours, as it sees them and as the configuration names them. Of the agent's thread. */
final class Neighbours {
    private final PeerEvents events;
    private final Map<IpAddress, PeerView> seen = new TreeMap<>();
    private final Map<IpAddress, PeerConfig> configured = new LinkedHashMap<>();
    private boolean known;

    Neighbours(PeerEvents events) {
        this.events = events;
    }

    /** @param peers empty to leave them to others */
    void reconfigure(Optional<Map<String, PeerConfig>> peers) {
        configured.clear();
        peers.orElse(Map.of()).values().forEach(peer -> configured.put(peer.address(), peer));
    }

    /** All of them. */
    void onPeers(List<PeerView> peers) {
        Map<IpAddress, PeerView> before = new TreeMap<>(seen);
        seen.clear();
        for (PeerView peer : peers) {
            IpAddress.parse(peer.address()).ifPresent(address -> {
                seen.put(address, peer);
                events.changed(name(address, peer), Optional.ofNullable(before.remove(address)), peer);
            });
        }
        before.forEach((address, gone) -> events.removed(name(address, gone), gone));
        known = true;
    }

    /**
     * One of them came, or changed its state; its description is not told. Returns whether all have to be asked for to know what that means.
     */
    boolean onPeer(PeerView told) {
        Optional<IpAddress> address = IpAddress.parse(told.address());
        if (address.isEmpty() || !seen.containsKey(address.get())) {
            return true;
        }
        PeerView before = seen.get(address.get());
        PeerView peer =
                new PeerView(told.address(), before.description(), told.asn(), told.state(), told.upFor(), told.why());
        seen.put(address.get(), peer);
        events.changed(name(address.get(), peer), Optional.of(before), peer);
        return before.isEstablished() != peer.isEstablished();
    }

    void onLost() {
        seen.clear();
        known = false;
    }

    /** Whether the daemon has said which there are. */
    boolean areKnown() {
        return known;
    }

    Optional<PeerView> find(IpAddress address) {
        return Optional.ofNullable(seen.get(address));
    }

    Map<IpAddress, PeerView> seen() {
        return new TreeMap<>(seen);
    }

    Map<IpAddress, PeerConfig> configured() {
        return new LinkedHashMap<>(configured);
    }

    /** Those with which there is a session. */
    Set<IpAddress> established() {
        Set<IpAddress> established = new TreeSet<>();
        seen.forEach((address, peer) -> {
            if (peer.isEstablished()) {
                established.add(address);
            }
        });
        return established;
    }

    /** In the configuration; else as the daemon describes it, or its address. */
    String name(IpAddress address) {
        return find(address).map(peer -> name(address, peer)).orElseGet(address::toString);
    }

    private String name(IpAddress address, PeerView peer) {
        PeerConfig config = configured.get(address);
        return config == null ? peer.name() : config.name();
    }

    /** Those of the configuration first, in its order, also when the daemon does not have them. */
    List<PeerStatus> status() {
        List<PeerStatus> all = new ArrayList<>();
        configured.forEach((address, config) ->
                all.add(new PeerStatus(config.name(), true, find(address).orElseGet(() -> absent(config)))));
        seen.forEach((address, peer) -> {
            if (!configured.containsKey(address)) {
                all.add(new PeerStatus(name(address, peer), false, peer));
            }
        });
        return all;
    }

    private PeerView absent(PeerConfig config) {
        return new PeerView(
                config.address().toString(),
                "",
                config.asn(),
                State.UNKNOWN,
                Duration.ZERO,
                known ? "the daemon does not have it" : "");
    }
}
