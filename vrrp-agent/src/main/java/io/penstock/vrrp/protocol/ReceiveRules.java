package io.penstock.vrrp.protocol;

import java.time.Duration;
import java.util.Optional;

/**
 * What a virtual router demands of a packet, besides that it is well-formed.
 *
 * @param minTtl of IPv4, hop limit of IPv6: 255 unless its peers are spoken to by unicast
 * @param requiredInterval the only one accepted (version 2); empty when any is learnt (version 3)
 * @param password of version 2, at most eight octets; empty for no authentication
 */
public record ReceiveRules(
        Version version, int minTtl, Optional<Duration> requiredInterval, Optional<String> password) {
    /** RFC 9568 section 5.1.1.3: proof that a packet was sent on this link. */
    public static final int LINK_TTL = 255;
}
