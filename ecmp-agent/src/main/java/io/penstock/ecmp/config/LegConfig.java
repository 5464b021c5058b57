package io.penstock.ecmp.config;

import io.penstock.health.CheckedTarget;
import io.penstock.net.IpAddress;
import java.util.Optional;

/**
 * One host that a route leads to.
 *
 * @param id in metrics and logs
 * @param interfaceName empty: the interface whose network the address is in
 * @param weight 1 to 256
 * @param check of the host at an address of its own, never the VIP; empty for a leg that is healthy while its link is up
 */
public record LegConfig(
        String id, IpAddress via, Optional<String> interfaceName, int weight, Optional<CheckedTarget> check) {
    public static final int DEFAULT_WEIGHT = 1;
    public static final int MAX_WEIGHT = 256;

    public LegConfig {
        if (weight < 1 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("a weight is from 1 to 256 (was " + weight + ")");
        }
    }
}
