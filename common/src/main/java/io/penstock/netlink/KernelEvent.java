package io.penstock.netlink;

/** What became of the kernel's tables, by whoever's hand. */
public sealed interface KernelEvent {
    /** It is new, or something of it changed. */
    record LinkChanged(Link link) implements KernelEvent {}

    record LinkRemoved(Link link) implements KernelEvent {}

    /** It is new, or was given another lifetime. */
    record AddressChanged(InterfaceAddress address) implements KernelEvent {}

    /** By someone's request, or because its lifetime ended. */
    record AddressRemoved(InterfaceAddress address) implements KernelEvent {}

    record RouteChanged(Route route) implements KernelEvent {}

    /** Not told of IPv4 routes that went with their link or nexthop object. */
    record RouteRemoved(Route route) implements KernelEvent {}

    record NextHopChanged(NextHop nextHop) implements KernelEvent {}

    /** Not told of those that went with their link or its carrier. */
    record NextHopRemoved(NextHop nextHop) implements KernelEvent {}

    /** It is new, answered, or did not answer; told to those who asked for it. */
    record NeighbourChanged(Neighbour neighbour) implements KernelEvent {}

    record NeighbourRemoved(Neighbour neighbour) implements KernelEvent {}

    /** More happened than there was room for: what is known is old, and has to be asked for again. */
    record Lost() implements KernelEvent {}
}
