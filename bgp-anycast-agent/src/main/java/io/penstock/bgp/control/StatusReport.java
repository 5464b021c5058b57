package io.penstock.bgp.control;

import io.penstock.bgp.operate.AgentStatus;
import io.penstock.bgp.operate.AgentStatus.Phase;
import io.penstock.bgp.operate.VipStatus;
import io.penstock.net.IpPrefix;
import java.util.List;
import java.util.Optional;

/** Makes a value of how the agent is. Of the agent's thread. */
final class StatusReport {
    private final Parts parts;

    StatusReport(Parts parts) {
        this.parts = parts;
    }

    /** What it is made of. */
    record Parts(DaemonLink link, Vips vips, PathKeeper paths, Neighbours neighbours, Sightings sightings) {}

    /** @param daemon the address of its API */
    AgentStatus of(Phase phase, long nowNs, String daemon) {
        List<VipStatus> vips = parts.vips().all().stream().map(this::vip).toList();
        return new AgentStatus(
                phase,
                nowNs,
                daemon,
                parts.link().shown(),
                parts.link().identity(),
                parts.link().trouble(),
                parts.paths().table().foreign(),
                parts.neighbours().status(),
                vips);
    }

    private VipStatus vip(Vip vip) {
        IpPrefix prefix = vip.config().prefix();
        boolean admitted = parts.vips().isAdmitted(vip);
        return new VipStatus(
                vip.config(),
                vip.condition(),
                vip.stance(),
                admitted ? parts.vips().wanted(vip) : Optional.empty(),
                parts.paths().table().ownAt(prefix),
                parts.sightings().of(prefix),
                parts.paths().table().isForeignAt(prefix),
                admitted ? parts.paths().trouble(prefix) : "there are as many VIPs as 'max-paths' allows without it");
    }
}
