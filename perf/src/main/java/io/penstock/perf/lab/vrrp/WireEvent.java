package io.penstock.perf.lab.vrrp;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A frame at the client that says something of the VIP.
 *
 * @param atNs when the kernel saw it, in nanoseconds of the wall clock
 * @param mac who sent it
 * @param priority of an advertisement, else 0
 */
record WireEvent(long atNs, String mac, Kind kind, int priority) {
    enum Kind {
        ADVERTISEMENT,
        ANNOUNCEMENT,
        /** Of a connection that the VIP accepts. */
        REPLY
    }

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final Pattern LINE =
            Pattern.compile("(\\d+)\\.(\\d{9}) ([0-9a-f:]{17}) > [^,]*, ethertype (ARP|IPv4) .*");
    private static final Pattern ADVERTISEMENT = Pattern.compile("VRRPv3, Advertisement,.* prio (\\d+),");
    private static final Pattern ANNOUNCEMENT = Pattern.compile("who-has (\\S+) .*tell (\\S+),");

    /** Of a line of {@code tcpdump -n -e -tt --time-stamp-precision=nano}; empty for anything else. */
    static Optional<WireEvent> of(String line, String vip) {
        Matcher head = LINE.matcher(line);
        if (!head.matches()) {
            return Optional.empty();
        }
        long atNs = Long.parseLong(head.group(1)) * NANOS_PER_SECOND + Long.parseLong(head.group(2));
        String mac = head.group(3);
        Matcher advertisement = ADVERTISEMENT.matcher(line);
        if (advertisement.find()) {
            return Optional.of(new WireEvent(atNs, mac, Kind.ADVERTISEMENT, Integer.parseInt(advertisement.group(1))));
        }
        Matcher announcement = ANNOUNCEMENT.matcher(line);
        if (announcement.find()) {
            boolean gratuitous =
                    announcement.group(1).equals(vip) && announcement.group(2).equals(vip);
            return gratuitous ? Optional.of(new WireEvent(atNs, mac, Kind.ANNOUNCEMENT, 0)) : Optional.empty();
        }
        return line.contains(" " + vip + ".80 > ") && line.contains("Flags [S.]")
                ? Optional.of(new WireEvent(atNs, mac, Kind.REPLY, 0))
                : Optional.empty();
    }
}
