package io.penstock.vrrp.protocol;

import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.List;

/**
 * What a VRRP message says (RFC 9568 section 5.2, RFC 3768 section 5.3).
 *
 * @param vrid 1 to 255
 * @param priority 0 to 255; 0 from one that stops, 255 from the owner of the addresses
 * @param interval of hundredths of a second up to 40.95 s; in version 2 of seconds up to 255 s
 * @param addresses all of one family
 */
public record Advertisement(Version version, int vrid, int priority, Duration interval, List<IpAddress> addresses) {
    public Advertisement {
        addresses = List.copyOf(addresses);
    }
}
