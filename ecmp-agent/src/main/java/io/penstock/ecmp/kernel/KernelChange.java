package io.penstock.ecmp.kernel;

import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.Route;

/** One request to the kernel. All carry the agent's own protocol number. */
public sealed interface KernelChange {
    /** Adds the address, or gives the one that is there another lifetime. */
    record PutAddress(InterfaceAddress address) implements KernelChange {}

    record RemoveAddress(InterfaceAddress address) implements KernelChange {}

    /** Adds the nexthop object or replaces the one of this id. */
    record PutNextHop(NextHop nextHop) implements KernelChange {}

    record RemoveNextHop(NextHop nextHop) implements KernelChange {}

    /** Adds the route or replaces the agent's own to the same destination with the same metric in the same table. */
    record PutRoute(Route route) implements KernelChange {}

    record RemoveRoute(Route route) implements KernelChange {}
}
