package io.penstock.bgp.route;

import io.penstock.net.IpPrefix;

/**
 * A path as it lies in a daemon's table.
 *
 * @param local whether a client put it in by the daemon's API, not a peer by BGP
 * @param whole whether the attributes are all that it has: one with others besides is not ours, or was changed
 */
public record RibPath(IpPrefix prefix, PathAttributes attributes, boolean local, boolean whole) {}
