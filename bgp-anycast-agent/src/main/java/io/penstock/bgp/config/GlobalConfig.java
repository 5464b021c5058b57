package io.penstock.bgp.config;

import io.penstock.net.IpAddress;
import java.util.List;

/**
 * What a daemon is started with.
 *
 * @param asn its own, 1 to 4294967294
 * @param routerId an IPv4 address
 * @param listenPort for neighbours, 1 to 65535; -1 to listen on none
 * @param listenAddresses for neighbours; none for all
 */
public record GlobalConfig(long asn, IpAddress routerId, int listenPort, List<IpAddress> listenAddresses) {
    public static final int DEFAULT_LISTEN_PORT = 179;
    public static final int NOT_LISTENING = -1;

    public GlobalConfig {
        listenAddresses = List.copyOf(listenAddresses);
    }
}
