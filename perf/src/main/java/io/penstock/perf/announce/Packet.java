package io.penstock.perf.announce;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was captured on the host that matters.
 *
 * @param atNs when the kernel saw it, in nanoseconds of the wall clock
 */
record Packet(long atNs, Kind kind) {
    enum Kind {
        /** A probe was refused. */
        REFUSAL,
        /** The daemon takes a path back: a BGP UPDATE with withdrawn routes. */
        WITHDRAWAL,
        /** A client's, for the VIP, from the router. */
        ARRIVAL
    }

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final Pattern LINE = Pattern.compile("(\\d+)\\.(\\d{9}) (\\S+) +(In|Out) +IP (.*)");

    /** For tcpdump: these, of a VIP whose service listens at a port on loopback. */
    static String filter(String vip, int port) {
        // By RFC 4271, section 4: after a header of 19 bytes, the last of which is the type, comes the length of what
        // is withdrawn.
        String payload = "((tcp[12:1] & 0xf0) >> 2)";
        String withdrawal = "(src host " + Neighbour.OWN_ADDRESS + " and tcp port 179 and tcp[" + payload + "+18:1] = 2"
                + " and tcp[" + payload + "+19:2] != 0)";
        String refusal = "(host 127.0.0.1 and tcp src port " + port + " and tcp[tcpflags] & tcp-rst != 0)";
        return withdrawal + " or " + refusal + " or (icmp[icmptype] = icmp-echo and dst host " + vip + ")";
    }

    /** Of a line of {@code tcpdump -i any -n -tt --time-stamp-precision=nano}; empty for anything else. */
    static Optional<Packet> of(String line) {
        Matcher fields = LINE.matcher(line);
        if (!fields.matches()) {
            return Optional.empty();
        }
        long atNs = Long.parseLong(fields.group(1)) * NANOS_PER_SECOND + Long.parseLong(fields.group(2));
        boolean incoming = fields.group(4).equals("In");
        String what = fields.group(5);
        if (fields.group(3).equals("lo")) {
            return incoming && what.contains("Flags [R")
                    ? Optional.of(new Packet(atNs, Kind.REFUSAL))
                    : Optional.empty();
        }
        if (incoming) {
            return what.contains("ICMP echo request") ? Optional.of(new Packet(atNs, Kind.ARRIVAL)) : Optional.empty();
        }
        return what.contains(": BGP") ? Optional.of(new Packet(atNs, Kind.WITHDRAWAL)) : Optional.empty();
    }
}
