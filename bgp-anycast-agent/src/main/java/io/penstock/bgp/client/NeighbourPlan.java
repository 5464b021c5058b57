package io.penstock.bgp.client;

import io.penstock.bgp.client.Plan.Step;
import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an agent that starts now would do about the daemon's neighbours.
 *
 * @param steps in this order
 * @param notes why something is not done, for people
 */
record NeighbourPlan(List<Step> steps, List<String> notes) {
    /** The keys in which a neighbour that is there is not as the file says. */
    interface Differences {
        List<String> of(PeerConfig peer) throws IOException, InterruptedException;
    }

    /**
     * Holds the neighbours that there are against those of the file.
     *
     * @param wanted those of the file
     * @param there those of the daemon
     * @param owner the agent's mark
     * @param differences asked of those that are the agent's
     */
    static NeighbourPlan of(
            Collection<PeerConfig> wanted, List<PeerView> there, LargeCommunity owner, Differences differences)
            throws IOException, InterruptedException {
        Map<IpAddress, PeerView> missing = new LinkedHashMap<>();
        there.forEach(peer -> IpAddress.parse(peer.address()).ifPresent(address -> missing.put(address, peer)));
        List<Step> steps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<Step> changes = new ArrayList<>();
        for (PeerConfig peer : wanted) {
            Optional<PeerView> present = Optional.ofNullable(missing.remove(peer.address()));
            String address = peer.address().toString();
            if (present.isEmpty()) {
                changes.add(new Step("add-neighbour", address, "as " + peer.asn(), peer.name()));
            } else if (!present.get().isOwn(owner, true)) {
                notes.add(foreign(present.get()));
            } else {
                List<String> keys = differences.of(peer);
                if (!keys.isEmpty()) {
                    changes.add(new Step("update-neighbour", address, String.join(", ", keys), peer.name()));
                }
            }
        }
        for (PeerView other : missing.values()) {
            if (other.isOwn(owner, false)) {
                steps.add(new Step("delete-neighbour", other.address(), "", "not in the file"));
            } else {
                notes.add(foreign(other));
            }
        }
        steps.addAll(changes);
        return new NeighbourPlan(List.copyOf(steps), List.copyOf(notes));
    }

    private static String foreign(PeerView peer) {
        return "neighbour " + peer.address() + " is somebody else's, and stays as it is";
    }
}
