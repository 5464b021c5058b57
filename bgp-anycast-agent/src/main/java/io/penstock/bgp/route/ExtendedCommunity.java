package io.penstock.bgp.route;

import io.penstock.net.IpAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * An extended community of RFC 4360. From the most significant octet on: type, subtype, administrator, a number of the administrator's
 * own. Administrator and number are six octets together, so a longer one makes the other shorter.
 *
 * @param value its eight octets
 */
public record ExtendedCommunity(long value) implements Comparable<ExtendedCommunity> {
    // Types: RFC 4360 sections 3.1 and 3.2, RFC 5668 section 2; all transitive.
    private static final int OF_2_OCTET_AS = 0x00;
    private static final int OF_IPV4 = 0x01;
    private static final int OF_4_OCTET_AS = 0x02;

    // Subtypes: RFC 4360 sections 4 and 5.
    private static final int ROUTE_TARGET = 0x02;
    private static final int ROUTE_ORIGIN = 0x03;

    private static final String TARGET = "rt:";
    private static final String ORIGIN = "soo:";

    private static final int TYPE_SHIFT = 56;
    private static final int SUBTYPE_SHIFT = 48;

    private static final Pattern OCTETS = Pattern.compile("0x[0-9a-fA-F]{16}");

    /**
     * {@code rt:} (route target) or {@code soo:} (site of origin), then {@code 65001:100}, {@code 4200000000:100} or {@code 192.0.2.1:100};
     * or all eight octets, {@code 0x0002fde900000064}; empty for anything else. Behind an ASN of up to 65535 the number is of 32 bits, else
     * of 16.
     */
    public static Optional<ExtendedCommunity> parse(String text) {
        if (OCTETS.matcher(text).matches()) {
            return Optional.of(new ExtendedCommunity(Long.parseUnsignedLong(text, 2, text.length(), 16)));
        }
        if (text.startsWith(TARGET)) {
            return parse(ROUTE_TARGET, text.substring(TARGET.length()));
        }
        return text.startsWith(ORIGIN) ? parse(ROUTE_ORIGIN, text.substring(ORIGIN.length())) : Optional.empty();
    }

    private static Optional<ExtendedCommunity> parse(int subtype, String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String administrator = text.substring(0, colon);
        String number = text.substring(colon + 1);
        OptionalLong asn = Decimal.parse(administrator, Decimal.MAX_32_BITS);
        if (asn.isPresent() && asn.getAsLong() <= Decimal.MAX_16_BITS) {
            return number(number, Decimal.MAX_32_BITS)
                    .map(own -> of(OF_2_OCTET_AS, subtype, asn.getAsLong() << Integer.SIZE | own));
        }
        if (asn.isPresent()) {
            return number(number, Decimal.MAX_16_BITS)
                    .map(own -> of(OF_4_OCTET_AS, subtype, asn.getAsLong() << Short.SIZE | own));
        }
        // Written back, so that nothing passes that two programs read differently, such as zeros in front.
        return IpAddress.parse(administrator)
                .filter(address -> address.isIpv4() && address.toString().equals(administrator))
                .flatMap(address -> number(number, Decimal.MAX_16_BITS)
                        .map(own -> of(OF_IPV4, subtype, Integer.toUnsignedLong(address.ipv4()) << Short.SIZE | own)));
    }

    private static Optional<Long> number(String text, long max) {
        OptionalLong parsed = Decimal.parse(text, max);
        return parsed.isPresent() ? Optional.of(parsed.getAsLong()) : Optional.empty();
    }

    private static ExtendedCommunity of(int type, int subtype, long sixOctets) {
        return new ExtendedCommunity((long) type << TYPE_SHIFT | (long) subtype << SUBTYPE_SHIFT | sixOctets);
    }

    @Override
    public int compareTo(ExtendedCommunity other) {
        return Long.compareUnsigned(value, other.value);
    }

    /** As {@link #parse} reads it: by the octets if there is no other way. */
    @Override
    public String toString() {
        int subtype = (int) (value >>> SUBTYPE_SHIFT) & 0xff;
        String words = subtype == ROUTE_TARGET || subtype == ROUTE_ORIGIN ? words() : "";
        if (words.isEmpty()) {
            return String.format(Locale.ROOT, "0x%016x", value);
        }
        return (subtype == ROUTE_TARGET ? TARGET : ORIGIN) + words;
    }

    private String words() {
        long administrator = value >>> Short.SIZE & Decimal.MAX_32_BITS;
        long number = value & Decimal.MAX_16_BITS;
        return switch ((int) (value >>> TYPE_SHIFT)) {
            case OF_2_OCTET_AS -> (value >>> Integer.SIZE & Decimal.MAX_16_BITS) + ":" + (value & Decimal.MAX_32_BITS);
            // A small ASN in four octets would be read back in two.
            case OF_4_OCTET_AS -> administrator > Decimal.MAX_16_BITS ? administrator + ":" + number : "";
            case OF_IPV4 -> IpAddress.ofIpv4((int) administrator) + ":" + number;
            default -> "";
        };
    }
}
