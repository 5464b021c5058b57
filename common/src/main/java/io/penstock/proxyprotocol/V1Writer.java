package io.penstock.proxyprotocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.penstock.net.AddressPair;
import org.agrona.MutableDirectBuffer;

/** Writes a line of text (section 2.1), IPv6 in the form of RFC 5952. NOT thread safe. */
public final class V1Writer {
    /** Room for every line. */
    public static final int MAX_LENGTH = V1Parser.MAX_LENGTH;

    private static final byte[] UNKNOWN = "PROXY UNKNOWN\r\n".getBytes(US_ASCII);
    private static final byte[] TCP4 = "PROXY TCP4 ".getBytes(US_ASCII);
    private static final byte[] TCP6 = "PROXY TCP6 ".getBytes(US_ASCII);
    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
    private static final int GROUPS = 8;

    private MutableDirectBuffer buffer;
    private int at;

    /** Of a connection of which nothing can be said; returns the length. */
    public int writeUnknown(MutableDirectBuffer target, int offset) {
        target.putBytes(offset, UNKNOWN);
        return UNKNOWN.length;
    }

    /** Returns the length. */
    public int write(MutableDirectBuffer target, int offset, AddressPair addresses) {
        buffer = target;
        at = offset;
        boolean ipv4 = addresses.isIpv4();
        put(ipv4 ? TCP4 : TCP6);
        putAddress(ipv4, addresses.sourceHigh(), addresses.sourceLow());
        put(' ');
        putAddress(ipv4, addresses.destinationHigh(), addresses.destinationLow());
        put(' ');
        putDecimal(addresses.sourcePort());
        put(' ');
        putDecimal(addresses.destinationPort());
        put('\r');
        put('\n');
        buffer = null;
        return at - offset;
    }

    private void put(byte[] octets) {
        buffer.putBytes(at, octets);
        at += octets.length;
    }

    private void put(char octet) {
        buffer.putByte(at++, (byte) octet);
    }

    private void putDecimal(int number) {
        at += buffer.putNaturalIntAscii(at, number);
    }

    private void putAddress(boolean ipv4, long high, long low) {
        if (ipv4) {
            int address = (int) low;
            for (int shift = 24; shift >= 0; shift -= 8) {
                putDecimal(address >>> shift & 0xff);
                if (shift > 0) {
                    put('.');
                }
            }
        } else {
            putIpv6(high, low);
        }
    }

    private void putIpv6(long high, long low) {
        int gap = 0;
        int gapLength = 0;
        for (int i = 0, zeros = 0; i < GROUPS; i++) {
            zeros = group(high, low, i) == 0 ? zeros + 1 : 0;
            if (zeros > gapLength) {
                gapLength = zeros;
                gap = i + 1 - zeros;
            }
        }
        boolean compressed = gapLength > 1;
        for (int i = 0; i < GROUPS; i++) {
            if (compressed && i == gap) {
                put(':');
                put(':');
                i += gapLength - 1;
            } else {
                if (i > 0 && !(compressed && i == gap + gapLength)) {
                    put(':');
                }
                putHex(group(high, low, i));
            }
        }
    }

    private static int group(long high, long low, int index) {
        long half = index < GROUPS / 2 ? high : low;
        return (int) (half >>> (48 - 16 * (index % (GROUPS / 2)))) & 0xffff;
    }

    private void putHex(int group) {
        for (int shift = 12; shift >= 0; shift -= 4) {
            if (shift == 0 || group >>> shift != 0) {
                buffer.putByte(at++, HEX[group >>> shift & 0xf]);
            }
        }
    }
}
