package io.penstock.proxyprotocol;

import org.agrona.DirectBuffer;

/** The type-length-value entries behind the addresses of version 2 (section 2.2): one octet, two, and so many. */
public final class Tlv {
    public static final int ALPN = 0x01;
    public static final int AUTHORITY = 0x02;
    public static final int CRC32C = 0x03;
    public static final int NOOP = 0x04;
    public static final int UNIQUE_ID = 0x05;
    public static final int SSL = 0x20;
    public static final int NETNS = 0x30;

    /** The range that applications may use as they like. */
    public static final int MIN_CUSTOM = 0xe0;

    public static final int MAX_CUSTOM = 0xef;

    public static final int MAX_UNIQUE_ID_LENGTH = 128;

    static final int HEADER_LENGTH = 3;

    private Tlv() {}

    /** Of the entry that begins here, as the methods below. */
    public static int type(DirectBuffer buffer, int at) {
        return buffer.getByte(at) & 0xff;
    }

    public static int valueLength(DirectBuffer buffer, int at) {
        return (buffer.getByte(at + 1) & 0xff) << 8 | (buffer.getByte(at + 2) & 0xff);
    }

    public static int valueOffset(int at) {
        return at + HEADER_LENGTH;
    }

    /** Where the next one begins; of entries that a parser has accepted. */
    public static int next(DirectBuffer buffer, int at) {
        return at + HEADER_LENGTH + valueLength(buffer, at);
    }
}
