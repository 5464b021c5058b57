package io.penstock.bgp.gobgp.v3;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.bgp.gobgp.v3.api.FourOctetAsSpecificExtended;
import io.penstock.bgp.gobgp.v3.api.IPv4AddressSpecificExtended;
import io.penstock.bgp.gobgp.v3.api.TwoOctetAsSpecificExtended;
import io.penstock.bgp.gobgp.v3.api.UnknownExtended;
import io.penstock.bgp.route.ExtendedCommunity;
import io.penstock.net.IpAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Extended communities as messages and back: those of an AS or an IPv4 address (RFC 4360 section 3, RFC 5668) by their parts, so that
 * whoever looks into the daemon sees a route target as one, any other as its octets.
 */
final class ExtendedCommunityCodec {
    private static final int TWO_OCTET_AS = 0x00;
    private static final int IPV4_ADDRESS = 0x01;
    private static final int FOUR_OCTET_AS = 0x02;

    /** In the first octet: not to be passed on to another AS (RFC 4360 section 2). */
    private static final int NON_TRANSITIVE = 0x40;

    private static final int VALUE_OCTETS = 7;

    private ExtendedCommunityCodec() {}

    static Any encode(ExtendedCommunity community) {
        long value = community.value();
        int type = (int) (value >>> 56);
        boolean transitive = (type & NON_TRANSITIVE) == 0;
        int subType = (int) ((value >>> 48) & 0xff);
        return switch (type & ~NON_TRANSITIVE) {
            case TWO_OCTET_AS ->
                Any.pack(TwoOctetAsSpecificExtended.newBuilder()
                        .setIsTransitive(transitive)
                        .setSubType(subType)
                        .setAsn((int) ((value >>> 32) & 0xffff))
                        .setLocalAdmin((int) value)
                        .build());
            case IPV4_ADDRESS ->
                Any.pack(IPv4AddressSpecificExtended.newBuilder()
                        .setIsTransitive(transitive)
                        .setSubType(subType)
                        .setAddress(IpAddress.ofIpv4((int) (value >>> 16)).toString())
                        .setLocalAdmin((int) (value & 0xffff))
                        .build());
            case FOUR_OCTET_AS ->
                Any.pack(FourOctetAsSpecificExtended.newBuilder()
                        .setIsTransitive(transitive)
                        .setSubType(subType)
                        .setAsn((int) (value >>> 16))
                        .setLocalAdmin((int) (value & 0xffff))
                        .build());
            default ->
                Any.pack(UnknownExtended.newBuilder()
                        .setType(type)
                        .setValue(ByteString.copyFrom(
                                ByteBuffer.allocate(Long.BYTES).putLong(value).array(), 1, VALUE_OCTETS))
                        .build());
        };
    }

    /** Empty when it is of a kind that {@link #encode} does not write. */
    static Optional<ExtendedCommunity> decode(Any message) {
        try {
            if (message.is(TwoOctetAsSpecificExtended.class)) {
                TwoOctetAsSpecificExtended part = message.unpack(TwoOctetAsSpecificExtended.class);
                return community(
                        TWO_OCTET_AS,
                        part.getIsTransitive(),
                        part.getSubType(),
                        ((part.getAsn() & 0xffffL) << 32) | Integer.toUnsignedLong(part.getLocalAdmin()));
            }
            if (message.is(IPv4AddressSpecificExtended.class)) {
                IPv4AddressSpecificExtended part = message.unpack(IPv4AddressSpecificExtended.class);
                return IpAddress.parse(part.getAddress())
                        .filter(IpAddress::isIpv4)
                        .flatMap(address -> community(
                                IPV4_ADDRESS,
                                part.getIsTransitive(),
                                part.getSubType(),
                                (Integer.toUnsignedLong(address.ipv4()) << 16) | (part.getLocalAdmin() & 0xffff)));
            }
            if (message.is(FourOctetAsSpecificExtended.class)) {
                FourOctetAsSpecificExtended part = message.unpack(FourOctetAsSpecificExtended.class);
                return community(
                        FOUR_OCTET_AS,
                        part.getIsTransitive(),
                        part.getSubType(),
                        (Integer.toUnsignedLong(part.getAsn()) << 16) | (part.getLocalAdmin() & 0xffff));
            }
            return message.is(UnknownExtended.class)
                    ? unknown(message.unpack(UnknownExtended.class))
                    : Optional.empty();
        } catch (InvalidProtocolBufferException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<ExtendedCommunity> community(int type, boolean transitive, int subType, long rest) {
        long first = transitive ? type : type | NON_TRANSITIVE;
        return Optional.of(new ExtendedCommunity((first << 56) | ((subType & 0xffL) << 48) | rest));
    }

    private static Optional<ExtendedCommunity> unknown(UnknownExtended message) {
        if (message.getValue().size() != VALUE_OCTETS) {
            return Optional.empty();
        }
        ByteBuffer octets = ByteBuffer.allocate(Long.BYTES).put((byte) message.getType());
        message.getValue().copyTo(octets);
        return Optional.of(new ExtendedCommunity(octets.getLong(0)));
    }
}
