package io.penstock.netlink;

/**
 * What the kernel answers to the question how a packet gets to an address.
 *
 * @param mtu the route's own, in octets; 0 where it has none, and only those of interfaces count
 */
public record RouteAnswer(Route route, int mtu) {}
