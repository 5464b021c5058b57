package io.penstock.vrrp.protocol;

/** What came of a packet. */
public sealed interface Decoded {
    /**
     * An advertisement.
     *
     * @param checksum the form that fits; says something in version 3 over IPv4 only, as version 2 never has a pseudo-header and IPv6
     *     always has one
     */
    record Valid(Advertisement advertisement, ChecksumForm checksum) implements Decoded {}

    /** To be dropped and counted. */
    record Invalid(Rejection rejection) implements Decoded {}
}
