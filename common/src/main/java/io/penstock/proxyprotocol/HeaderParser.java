package io.penstock.proxyprotocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.penstock.net.AddressPair;
import org.agrona.DirectBuffer;

/**
 * Reads the header that a connection begins with. Of what has come so far, {@link #parse} says whether it is a header and
 * how long; a header that is not whole is read anew when there is more of it. Never throws, and never looks beyond what
 * it was given. NOT thread safe.
 */
public final class HeaderParser {
    /** More has to come. */
    public static final int INCOMPLETE = 0;

    /** A header by its signature, but not by what follows. */
    public static final int INVALID = -1;

    /** Begins as no header does. */
    public static final int ABSENT = -2;

    /** Longer ones are invalid: as nginx, and far above the 536 octets that the protocol has in mind. */
    public static final int MAX_LENGTH = 4096;

    static final byte[] V1_SIGNATURE = "PROXY".getBytes(US_ASCII);
    static final byte[] V2_SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

    private final AddressPair addresses = new AddressPair();
    private final V1Parser v1 = new V1Parser(addresses);
    private final V2Parser v2 = new V2Parser(addresses);

    private boolean signed;
    private boolean stated;
    private int tlvsOffset;
    private int tlvsLength;

    /** The header's length in octets, or {@link #INCOMPLETE}, {@link #INVALID} or {@link #ABSENT}. */
    public int parse(DirectBuffer buffer, int offset, int length) {
        signed = false;
        stated = false;
        tlvsLength = 0;
        if (agrees(V2_SIGNATURE, buffer, offset, length)) {
            signed = length >= V2_SIGNATURE.length;
            return signed ? parseV2(buffer, offset, length) : INCOMPLETE;
        }
        if (agrees(V1_SIGNATURE, buffer, offset, length)) {
            signed = length >= V1_SIGNATURE.length;
            return signed ? parseV1(buffer, offset, length) : INCOMPLETE;
        }
        return ABSENT;
    }

    private int parseV1(DirectBuffer buffer, int offset, int length) {
        int result = v1.parse(buffer, offset, length);
        stated = result > 0 && v1.isStated();
        return result;
    }

    private int parseV2(DirectBuffer buffer, int offset, int length) {
        int result = v2.parse(buffer, offset, length);
        if (result > 0) {
            stated = v2.isStated();
            tlvsOffset = v2.tlvsOffset();
            tlvsLength = v2.tlvsLength();
        }
        return result;
    }

    /** As far as both go. */
    private static boolean agrees(byte[] signature, DirectBuffer buffer, int offset, int length) {
        int compared = Math.min(signature.length, length);
        for (int i = 0; i < compared; i++) {
            if (buffer.getByte(offset + i) != signature[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the last octets parsed begin with a whole signature: they are a header or nothing. */
    public boolean isSigned() {
        return signed;
    }

    /** Whether the header says who is connected; else the ends of the connection itself count (LOCAL, UNKNOWN, UNSPEC). */
    public boolean isStated() {
        return stated;
    }

    /** Who is connected, if that {@link #isStated}; until the next call. */
    public AddressPair addresses() {
        return addresses;
    }

    /** Where the entries begin, in the buffer that was parsed; see {@link Tlv}. */
    public int tlvsOffset() {
        return tlvsOffset;
    }

    /** 0 when there are none. */
    public int tlvsLength() {
        return tlvsLength;
    }
}
