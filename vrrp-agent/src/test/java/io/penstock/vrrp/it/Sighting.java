package io.penstock.vrrp.it;

import io.penstock.net.IpAddress;
import java.time.Duration;

/** A frame that came into the switch: when, in nanoseconds of the wall clock as the kernel stamped it, and at whose port. */
sealed interface Sighting {
    long atNs();

    Port from();

    /** Of VRRP. */
    record Advert(long atNs, Port from, int version, int vrid, int priority, Duration interval) implements Sighting {}

    /** A gratuitous ARP, or an unsolicited neighbor advertisement. */
    record Announcement(long atNs, Port from, IpAddress address) implements Sighting {}

    /** Of a question for an address' MAC address. */
    record Answer(long atNs, Port from, IpAddress address) implements Sighting {}
}
