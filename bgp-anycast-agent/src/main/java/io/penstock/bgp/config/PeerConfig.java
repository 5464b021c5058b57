package io.penstock.bgp.config;

import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A neighbour of the daemon.
 *
 * @param name in metrics and logs, and its description in the daemon
 * @param asn its own, 1 to 4294967294
 * @param password of TCP MD5 signatures (RFC 2385)
 * @param localAddress that sessions are made from
 * @param port of the neighbour
 * @param passive whether it is waited for, not called
 * @param ttlSecurity from how many hops away it is taken at most (RFC 5082), 1 to 254; empty for no such check
 * @param multihop the time to live of packets to an eBGP neighbour that is not on a network of the host, 2 to 255
 * @param holdTime 3 s at least, whole seconds (RFC 4271 section 4.2)
 * @param keepalive a third of the hold time, unless said otherwise
 * @param connectRetry between attempts to connect
 * @param families whose routes are exchanged; at least one
 * @param gracefulRestart for so long neighbours keep paths of a daemon that is gone (RFC 4724); empty to have them withdrawn at once
 */
public record PeerConfig(
        String name,
        IpAddress address,
        long asn,
        Optional<Password> password,
        Optional<IpAddress> localAddress,
        int port,
        boolean passive,
        OptionalInt ttlSecurity,
        OptionalInt multihop,
        Duration holdTime,
        Duration keepalive,
        Duration connectRetry,
        Set<Family> families,
        Optional<Duration> gracefulRestart) {
    public static final int DEFAULT_PORT = 179;

    /** A tenth of what daemons are used to: a site that is cut off is to be left soon. */
    public static final Duration DEFAULT_HOLD_TIME = Duration.ofSeconds(9);

    public static final Duration DEFAULT_CONNECT_RETRY = Duration.ofSeconds(5);

    /** Whose routes. */
    public enum Family {
        IPV4,
        IPV6
    }

    /** Never shown. */
    public record Password(String text) {
        @Override
        public String toString() {
            return "(hidden)";
        }
    }

    public PeerConfig {
        families = Set.copyOf(EnumSet.copyOf(families));
    }
}
