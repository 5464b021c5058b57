package io.penstock.vrrp.simulate;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.RouterSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * A host with its virtual router.
 *
 * @param priority configured, 255 for the owner
 * @param start when its agent is started first; empty for only by an event
 */
public record SimulatedHost(
        String name, IpAddress address, int priority, RouterSettings settings, Optional<Duration> start) {}
