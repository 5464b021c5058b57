package io.penstock.proxyprotocol;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Whether the entries of a header are whole, and its checksum, if there is one, is right. */
final class TlvCheck {
    static final int RIGHT = 0;
    static final int MALFORMED = 1;
    static final int WRONG_CHECKSUM = 2;

    private static final int NONE = -1;

    private final HeaderChecksum checksum = new HeaderChecksum();

    /** Of a header from {@code offset} on; {@code from} and {@code total} count from there. */
    int check(DirectBuffer buffer, int offset, int from, int total) {
        int checksumAt = NONE;
        int at = from;
        while (at < total) {
            if (total - at < Tlv.HEADER_LENGTH) {
                return MALFORMED;
            }
            int type = Tlv.type(buffer, offset + at);
            int length = Tlv.valueLength(buffer, offset + at);
            int value = Tlv.valueOffset(at);
            if (length > total - value || !isLengthRight(type, length)) {
                return MALFORMED;
            }
            if (type == Tlv.CRC32C) {
                if (checksumAt != NONE) {
                    return MALFORMED;
                }
                checksumAt = value;
            }
            at = value + length;
        }
        if (checksumAt == NONE) {
            return RIGHT;
        }
        int stated = buffer.getInt(offset + checksumAt, ByteOrder.BIG_ENDIAN);
        return checksum.of(buffer, offset, checksumAt, total) == stated ? RIGHT : WRONG_CHECKSUM;
    }

    private static boolean isLengthRight(int type, int length) {
        return switch (type) {
            case Tlv.CRC32C -> length == HeaderChecksum.LENGTH;
            case Tlv.UNIQUE_ID -> length <= Tlv.MAX_UNIQUE_ID_LENGTH;
            default -> true;
        };
    }
}
