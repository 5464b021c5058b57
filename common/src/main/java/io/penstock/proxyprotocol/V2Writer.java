package io.penstock.proxyprotocol;

import io.penstock.net.AddressPair;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Writes the binary form (section 2.2): one of the beginnings, then entries, then the end. What it writes must find room
 * in the buffer, and its entries in 65,535 octets. NOT thread safe.
 */
public final class V2Writer {
    /** The longest without entries. */
    public static final int MAX_LENGTH_WITHOUT_TLVS = V2Parser.PREFIX_LENGTH + V2Parser.IPV6_LENGTH;

    private static final int LENGTH_AT = 14;

    private final HeaderChecksum checksum = new HeaderChecksum();
    private MutableDirectBuffer buffer;
    private int begin;
    private int at;

    /** Of a connection that nobody else is behind. */
    public V2Writer beginLocal(MutableDirectBuffer target, int offset) {
        return begin(target, offset, V2Parser.LOCAL, V2Parser.UNSPEC);
    }

    /** Of a connection that somebody is behind of whom nothing can be said. */
    public V2Writer beginUnspecified(MutableDirectBuffer target, int offset) {
        return begin(target, offset, V2Parser.PROXY, V2Parser.UNSPEC);
    }

    public V2Writer begin(MutableDirectBuffer target, int offset, AddressPair addresses) {
        if (addresses.isIpv4()) {
            begin(target, offset, V2Parser.PROXY, V2Parser.TCP_OVER_IPV4);
            putInt((int) addresses.sourceLow());
            putInt((int) addresses.destinationLow());
        } else {
            begin(target, offset, V2Parser.PROXY, V2Parser.TCP_OVER_IPV6);
            putLong(addresses.sourceHigh());
            putLong(addresses.sourceLow());
            putLong(addresses.destinationHigh());
            putLong(addresses.destinationLow());
        }
        putShort(addresses.sourcePort());
        putShort(addresses.destinationPort());
        return this;
    }

    private V2Writer begin(MutableDirectBuffer target, int offset, int command, int kind) {
        buffer = target;
        begin = offset;
        at = offset;
        buffer.putBytes(at, HeaderParser.V2_SIGNATURE);
        at += HeaderParser.V2_SIGNATURE.length;
        buffer.putByte(at++, (byte) (V2Parser.VERSION_2 | command));
        buffer.putByte(at++, (byte) kind);
        putShort(0);
        return this;
    }

    public V2Writer tlv(int type, DirectBuffer value, int offset, int length) {
        buffer.putByte(at++, (byte) type);
        putShort(length);
        buffer.putBytes(at, value, offset, length);
        at += length;
        return this;
    }

    public V2Writer tlv(int type, byte[] value) {
        buffer.putByte(at++, (byte) type);
        putShort(value.length);
        buffer.putBytes(at, value);
        at += value.length;
        return this;
    }

    /** Returns the length of the whole. */
    public int end(boolean withChecksum) {
        int checksumAt = at + Tlv.HEADER_LENGTH;
        if (withChecksum) {
            buffer.putByte(at++, (byte) Tlv.CRC32C);
            putShort(HeaderChecksum.LENGTH);
            putInt(0);
        }
        int length = at - begin;
        buffer.putShort(begin + LENGTH_AT, (short) (length - V2Parser.PREFIX_LENGTH), ByteOrder.BIG_ENDIAN);
        if (withChecksum) {
            int crc = checksum.of(buffer, begin, checksumAt - begin, length);
            buffer.putInt(checksumAt, crc, ByteOrder.BIG_ENDIAN);
        }
        buffer = null;
        return length;
    }

    private void putShort(int value) {
        buffer.putShort(at, (short) value, ByteOrder.BIG_ENDIAN);
        at += Short.BYTES;
    }

    private void putInt(int value) {
        buffer.putInt(at, value, ByteOrder.BIG_ENDIAN);
        at += Integer.BYTES;
    }

    private void putLong(long value) {
        buffer.putLong(at, value, ByteOrder.BIG_ENDIAN);
        at += Long.BYTES;
    }
}
