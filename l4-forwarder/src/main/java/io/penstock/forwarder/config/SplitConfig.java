package io.penstock.forwarder.config;

import io.penstock.net.IpPrefix;
import java.util.List;

/**
 * Clients of a service that another pool serves.
 *
 * @param pool the name of a pool in the same file
 * @param sources these clients, and no others; empty to go by {@code percent}
 * @param percent of all clients, in hundredths of a percent, by the keyed hash of their address: each stays on its side
 */
public record SplitConfig(String pool, List<IpPrefix> sources, int percent) {
    /** 100 %. */
    public static final int WHOLE = 10_000;
}
