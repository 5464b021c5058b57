package io.penstock.netlink;

import io.penstock.net.IpAddress;
import java.util.Optional;

/**
 * One leg of a route.
 *
 * @param gateway empty for a directly connected one
 * @param linkIndex the interface to leave by; 0 lets the kernel find it
 * @param weight 1 to 256, its share among the legs
 * @param flags RTNH_F_* of linux/rtnetlink.h as the kernel reports them (dead, linkdown), 0 in a request
 */
public record RouteHop(Optional<IpAddress> gateway, int linkIndex, int weight, int flags) {
    public static final int RTNH_F_DEAD = 1;
    public static final int RTNH_F_LINKDOWN = 16;

    public RouteHop(IpAddress gateway, int linkIndex, int weight) {
        this(Optional.of(gateway), linkIndex, weight, 0);
    }

    /** The same leg, whatever state the kernel sees it in. */
    public RouteHop withoutState() {
        return new RouteHop(gateway, linkIndex, weight, 0);
    }
}
