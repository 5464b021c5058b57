package io.penstock.vrrp.protocol;

/** Why a packet is no advertisement for us (RFC 9568 section 7.1, RFC 3768 section 7.1), in the order in which it is looked at. */
public enum Rejection {
    /** It came over a router, or over more of them than allowed: its TTL or hop limit is too low. */
    TTL,
    /** Another version than the virtual router's. */
    VERSION,
    /** Not an advertisement, the only type there is. */
    TYPE,
    /** Shorter or longer than the number of its addresses says, or too short to say it. */
    LENGTH,
    /** Wrong in every form that is accepted. */
    CHECKSUM,
    /** Version 2: another authentication type or other data than ours. */
    AUTHENTICATION,
    /** Zero; in version 2 also another one than ours. */
    INTERVAL,
    /** It has no address, or the first of IPv6 is not link-local. */
    ADDRESS
}
