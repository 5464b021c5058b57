package io.penstock.ecmp.operate;

import io.penstock.ecmp.host.VipView;
import io.penstock.ecmp.router.RouteView;
import io.penstock.net.IpAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The agent at one moment. A value.
 *
 * @param atNs that moment, on the agent's clock
 * @param conflicts routes that cannot be had because they are someone else's, for people
 * @param trouble why the kernel could not be asked or changed the last time; empty when it could
 */
public record AgentStatus(
        Phase phase,
        long atNs,
        List<VipView> vips,
        List<RouteView> routes,
        List<String> conflicts,
        Optional<String> trouble) {
    /** Where the process is in its life. */
    public enum Phase {
        /** It has not looked at the kernel yet. */
        STARTING,
        RUNNING,
        /** VIPs leave in order. */
        STOPPING;

        /** As people read it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public AgentStatus {
        vips = List.copyOf(vips);
        routes = List.copyOf(routes);
        conflicts = List.copyOf(conflicts);
    }

    public Optional<VipView> vip(IpAddress address) {
        return vips.stream().filter(vip -> vip.address().equals(address)).findFirst();
    }

    /**
     * Whether clients should be led to a VIP of this status. What was held then is not held any more once its lease has run
     * out, however long nobody looked.
     */
    public boolean isAnnounced(VipView vip, long nowNs) {
        return vip.state().isAnnounced() && leaseLeftNs(vip, nowNs) > 0;
    }

    /** Of a lease as it was then, what is left now; 0 when there is none. */
    public long leaseLeftNs(VipView vip, long nowNs) {
        return vip.state().isPresent() ? Math.max(0, vip.leaseLeft().toNanos() - Math.max(0, nowNs - atNs)) : 0;
    }
}
