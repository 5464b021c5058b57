package io.penstock.forwarder.operate;

import io.penstock.net.IpAddress;
import java.util.List;

/**
 * Whether an address is served: what whoever announces it wants to know.
 *
 * @param reason one line; empty when it is served as it should be
 * @param services that listen on it, on whichever port
 */
public record VipHealth(IpAddress vip, ServingState state, String reason, List<ServiceHealth> services) {}
