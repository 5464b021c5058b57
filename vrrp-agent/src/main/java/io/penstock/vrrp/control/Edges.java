package io.penstock.vrrp.control;

import io.penstock.vrrp.address.VipKeeper;
import io.penstock.vrrp.wire.Wire;

/** Where the agent's thread meets the world: the network, the addresses of this host, and what the kernel tells of itself. */
public record Edges(Wire wire, VipKeeper keeper, KernelNews news) {}
