package io.penstock.vrrp.config;

import io.penstock.net.IpAddress;
import java.util.List;

/**
 * A virtual router whose members are named instead of being whoever is on the network.
 *
 * @param peers whom advertisements are sent to, and from whom they are taken
 * @param ttl sent, 1 to 255
 * @param minTtl that is accepted, 1 to 255; 255 lets nobody in who is behind a router
 */
public record UnicastConfig(List<IpAddress> peers, int ttl, int minTtl) {
    public static final int DEFAULT_TTL = 255;

    public UnicastConfig {
        peers = List.copyOf(peers);
    }
}
