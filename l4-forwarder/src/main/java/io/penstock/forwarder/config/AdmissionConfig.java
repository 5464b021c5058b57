package io.penstock.forwarder.config;

import io.penstock.config.Rate;
import io.penstock.net.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who may come in to a service, and how fast.
 *
 * @param allow when present, nobody else may, but for what a longer prefix says
 * @param deny these may not
 * @param connections open at once, or sessions of UDP; more wait, or are refused
 * @param rate of new connections or sessions, likewise
 */
public record AdmissionConfig(
        Optional<List<IpPrefix>> allow,
        List<IpPrefix> deny,
        OptionalInt connections,
        Optional<Rate> rate,
        Optional<PerSource> perSource) {
    public static final AdmissionConfig OPEN =
            new AdmissionConfig(Optional.empty(), List.of(), OptionalInt.empty(), Optional.empty(), Optional.empty());

    /**
     * What each source may do; at least one of the first two is present.
     *
     * @param connections open at once
     * @param rate of new connections
     * @param burst that may come at once after a pause, 1 to {@link #MAX_BURST}
     * @param ipv4Prefix leading bits of an address that are one source, 1 to 32
     * @param ipv6Prefix 1 to 128
     * @param sources that are known at the same time, about
     */
    public record PerSource(
            OptionalInt connections, Optional<Rate> rate, int burst, int ipv4Prefix, int ipv6Prefix, int sources) {
        public static final int MAX_CONNECTIONS = 1_000_000;
        public static final int MAX_BURST = 100_000;
        public static final int DEFAULT_IPV4_PREFIX = 32;

        /** What one customer is given at least (RFC 6177). */
        public static final int DEFAULT_IPV6_PREFIX = 64;

        public static final int MIN_SOURCES = 1024;

        /** 8 MiB. */
        public static final int DEFAULT_SOURCES = 262_144;

        /** 512 MiB. */
        public static final int MAX_SOURCES = 16_777_216;
    }
}
