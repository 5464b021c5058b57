package io.penstock.vrrp.protocol;

import io.penstock.net.IpAddress;
import java.util.Optional;

/**
 * What a virtual router depends on, at one moment.
 *
 * @param priority in effect, after tracking: 1 to 254, or 255 for the owner
 * @param fault why it must not take part; empty when it may
 * @param ownAddress the source of its advertisements, which decides between equal priorities; empty only in a fault
 */
public record Conditions(int priority, Optional<String> fault, Optional<IpAddress> ownAddress) {}
