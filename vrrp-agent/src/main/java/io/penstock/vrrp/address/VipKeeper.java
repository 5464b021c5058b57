package io.penstock.vrrp.address;

import io.penstock.vrrp.config.VrrpConfig;
import java.io.IOException;
import java.util.List;

/**
 * The VIPs of all routers on their interfaces, under leases, announced; and the interfaces of virtual MAC addresses. Of the agent's
 * thread. Every method returns what happened that nobody ordered.
 */
public interface VipKeeper {
    /**
     * What is wanted from now on. VIPs of routers that are not in it any more go. At the first time what a former run left is adopted: it
     * stays, without a refresh, until its router is held or released.
     */
    List<VipEvent> configure(VrrpConfig config, long nowNs) throws IOException;

    /** Whether a former run left all VIPs of this router here. */
    boolean hasAll(String router);

    /** Puts all VIPs of a router there and announces them; idempotent. */
    List<VipEvent> hold(String router, long nowNs);

    /** Announces them once more. */
    void announce(String router, long nowNs);

    /** Gratuitous ARP requests and neighbor advertisements for VIPs of a router that have left this host so far. */
    long announcements(String router);

    /** Removes all VIPs of a router; idempotent. */
    List<VipEvent> release(String router, long nowNs);

    /** The kernel told of a change, or may have. */
    List<VipEvent> look(long nowNs);

    /** Leases and announcements that are due. */
    List<VipEvent> onDeadline(long nowNs);

    /** When {@link #onDeadline} is to be called at the latest; Long.MAX_VALUE for never. */
    long deadlineNs();

    List<VipView> views(long nowNs);
}
