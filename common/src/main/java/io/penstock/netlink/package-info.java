/**
 * Links, addresses, routes, nexthop objects and neighbours of this network namespace, over rtnetlink(7). Records are what the kernel
 * says or is to be told; a {@link io.penstock.netlink.NetlinkSocket} carries {@link io.penstock.netlink.Request}s on the thread that owns it, and waits for the
 * answers; {@link io.penstock.netlink.Subscription} hears of what changed. Uses {@code linux} and {@code net} only.
 */
package io.penstock.netlink;
