package io.penstock.proxyprotocol;

import static io.penstock.proxyprotocol.HeaderParser.INCOMPLETE;
import static io.penstock.proxyprotocol.HeaderParser.INVALID;

import io.penstock.net.AddressPair;
import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * The binary form (section 2.2):
 *
 * <pre>
 *   0  signature                       16  source address       4, 16 or 108 octets
 *  12  version 2 | command                 destination address  as many
 *  13  family | transport                  source port          2 octets, with IPv4 and IPv6
 *  14  length of what follows  BE          destination port     2
 *                                          entries, each type 1, length 2 BE, value
 * </pre>
 *
 * Of LOCAL only the length counts. Who is connected is taken from TCP over IPv4 and IPv6; every other valid combination is
 * as if nothing were stated. Entries must fill what is left to the octet and a checksum among them must be right; only
 * behind UNSPEC, where addresses of any kind may stand instead, octets that are no entries are ignored.
 */
final class V2Parser {
    static final int PREFIX_LENGTH = 16;
    static final int IPV4_LENGTH = 12;
    static final int IPV6_LENGTH = 36;
    static final int VERSION_2 = 0x20;
    static final int LOCAL = 0;
    static final int PROXY = 1;
    static final int UNSPEC = 0x00;
    static final int TCP_OVER_IPV4 = 0x11;
    static final int TCP_OVER_IPV6 = 0x21;

    private static final int UNIX_LENGTH = 216;
    private static final int MAX_FAMILY = 3;
    private static final int MAX_TRANSPORT = 2;

    private final AddressPair addresses;
    private final TlvCheck tlvs = new TlvCheck();
    private boolean stated;
    private int tlvsOffset;
    private int tlvsLength;

    V2Parser(AddressPair addresses) {
        this.addresses = addresses;
    }

    boolean isStated() {
        return stated;
    }

    int tlvsOffset() {
        return tlvsOffset;
    }

    int tlvsLength() {
        return tlvsLength;
    }

    /** Of octets that have the signature. What is wrong is found as soon as it is there. */
    int parse(DirectBuffer buffer, int offset, int length) {
        stated = false;
        tlvsLength = 0;
        int commandAt = HeaderParser.V2_SIGNATURE.length;
        if (length <= commandAt) {
            return INCOMPLETE;
        }
        int command = (buffer.getByte(offset + commandAt) & 0xff) - VERSION_2;
        if (command != LOCAL && command != PROXY) {
            return INVALID;
        }
        if (length <= commandAt + 1) {
            return INCOMPLETE;
        }
        int kind = buffer.getByte(offset + commandAt + 1) & 0xff;
        if (command == PROXY && (kind >>> 4 > MAX_FAMILY || (kind & 0xf) > MAX_TRANSPORT)) {
            return INVALID;
        }
        if (length < PREFIX_LENGTH) {
            return INCOMPLETE;
        }
        int total = PREFIX_LENGTH + unsignedShort(buffer, offset + commandAt + 2);
        int addressesEnd = PREFIX_LENGTH + (command == PROXY ? addressesLength(kind) : 0);
        if (total > HeaderParser.MAX_LENGTH || total < addressesEnd) {
            return INVALID;
        }
        if (length < total) {
            return INCOMPLETE;
        }
        return command == LOCAL || isValid(kind, buffer, offset, addressesEnd, total) ? total : INVALID;
    }

    private static int addressesLength(int kind) {
        if ((kind & 0xf) == 0) {
            return 0;
        }
        return switch (kind >>> 4) {
            case 1 -> IPV4_LENGTH;
            case 2 -> IPV6_LENGTH;
            case MAX_FAMILY -> UNIX_LENGTH;
            default -> 0;
        };
    }

    private boolean isValid(int kind, DirectBuffer buffer, int offset, int addressesEnd, int total) {
        boolean unspecified = kind >>> 4 == 0 || (kind & 0xf) == 0;
        switch (tlvs.check(buffer, offset, addressesEnd, total)) {
            case TlvCheck.MALFORMED -> {
                return unspecified;
            }
            case TlvCheck.WRONG_CHECKSUM -> {
                return false;
            }
            default -> {
                tlvsOffset = offset + addressesEnd;
                tlvsLength = total - addressesEnd;
            }
        }
        readAddresses(kind, buffer, offset + PREFIX_LENGTH);
        return true;
    }

    private void readAddresses(int kind, DirectBuffer buffer, int at) {
        if (kind == TCP_OVER_IPV4) {
            addresses
                    .source(0, ipv4(buffer, at), unsignedShort(buffer, at + 8))
                    .destination(0, ipv4(buffer, at + 4), unsignedShort(buffer, at + 10));
            stated = true;
        } else if (kind == TCP_OVER_IPV6) {
            addresses
                    .source(half(buffer, at), half(buffer, at + 8), unsignedShort(buffer, at + 32))
                    .destination(half(buffer, at + 16), half(buffer, at + 24), unsignedShort(buffer, at + 34));
            stated = true;
        }
    }

    private static long ipv4(DirectBuffer buffer, int at) {
        return IpAddress.ANY_IPV4.low() | Integer.toUnsignedLong(buffer.getInt(at, ByteOrder.BIG_ENDIAN));
    }

    private static long half(DirectBuffer buffer, int at) {
        return buffer.getLong(at, ByteOrder.BIG_ENDIAN);
    }

    private static int unsignedShort(DirectBuffer buffer, int at) {
        return buffer.getShort(at, ByteOrder.BIG_ENDIAN) & 0xffff;
    }
}
