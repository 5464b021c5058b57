package io.penstock.proxyprotocol;

import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/** The CRC32C of a whole header in which the checksum itself counts as zeros (section 2.2.3). */
final class HeaderChecksum {
    static final int LENGTH = 4;

    private final CRC32C crc = new CRC32C();

    /** @param at where in the header its checksum stands */
    int of(DirectBuffer buffer, int offset, int at, int total) {
        crc.reset();
        update(buffer, offset, offset + at);
        for (int i = 0; i < LENGTH; i++) {
            crc.update(0);
        }
        update(buffer, offset + at + LENGTH, offset + total);
        return (int) crc.getValue();
    }

    /** Octet by octet: a buffer at an address is no array and no ByteBuffer, and headers are short. */
    private void update(DirectBuffer buffer, int from, int to) {
        for (int i = from; i < to; i++) {
            crc.update(buffer.getByte(i));
        }
    }
}
