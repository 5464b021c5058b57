/**
 * Links, addresses, routes, nexthop objects and neighbours of this network namespace, over rtnetlink(7). Records are what the kernel
 * says or is to be told; a {@link io.penstock.netlink.NetlinkSocket} carries requests, one at a time, on the thread that owns it. Uses
 * {@code linux} and {@code net} only.
 */
package io.penstock.netlink;
