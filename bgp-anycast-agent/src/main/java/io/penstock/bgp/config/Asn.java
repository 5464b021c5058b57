package io.penstock.bgp.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;

/** Reads {@code asn}: the number of an autonomous system (RFC 6793). */
final class Asn {
    /** The last one of 32 bits is reserved (RFC 7300). */
    private static final long MAX = 4_294_967_294L;

    private static final long AS_TRANS = 23_456;
    private static final long LAST_OF_16_BITS = 65_535;

    private Asn() {}

    /** 1 when there is none. */
    static long read(ConfigSection section) {
        return section.required("asn").map(Asn::read).orElse(1L);
    }

    private static long read(ConfigValue value) {
        long asn = value.wholeNumber(1, MAX).orElse(1);
        if (asn == AS_TRANS) {
            value.problem("is reserved: old routers see it in place of those that they cannot have (RFC 6793)");
        } else if (asn == LAST_OF_16_BITS) {
            value.problem("is reserved (RFC 7300)");
        }
        return asn;
    }
}
