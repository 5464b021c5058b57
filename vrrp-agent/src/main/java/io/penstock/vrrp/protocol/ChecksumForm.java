package io.penstock.vrrp.protocol;

/** What the checksum of a VRRPv3 advertisement over IPv4 covers. */
public enum ChecksumForm {
    /** As those who implement RFC 5798 do it: with a pseudo-header of both addresses. */
    RFC5798,
    /** RFC 9568 section 5.2.8: the message only. */
    RFC9568
}
