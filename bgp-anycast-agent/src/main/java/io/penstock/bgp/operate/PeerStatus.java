package io.penstock.bgp.operate;

import io.penstock.bgp.gobgp.PeerView;

/**
 * A neighbour of the daemon.
 *
 * @param name in the agent's configuration; else its description in the daemon, or its address
 * @param managed whether the agent's configuration has it
 */
public record PeerStatus(String name, boolean managed, PeerView view) {}
