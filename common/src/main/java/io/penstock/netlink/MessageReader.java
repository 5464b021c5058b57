package io.penstock.netlink;

import org.agrona.DirectBuffer;

/** Goes through the netlink messages of what was received in one piece (netlink(7)). NOT thread safe. */
final class MessageReader {
    private static final int TYPE = 4;
    private static final int FLAGS = 6;
    private static final int SEQUENCE = 8;
    private static final int ALIGN = 4;

    private DirectBuffer buffer;
    private int start;
    private int next;
    private int limit;
    private int end;

    /** Begins before the first message. */
    MessageReader wrap(DirectBuffer received, int lengthBytes) {
        buffer = received;
        next = 0;
        limit = Math.min(lengthBytes, received.capacity());
        return this;
    }

    /** Steps to the next message; false behind the last, or when what is left is no message. */
    boolean next() {
        if (limit - next < MessageWriter.HEADER_BYTES) {
            return false;
        }
        int bytes = buffer.getInt(next);
        if (bytes < MessageWriter.HEADER_BYTES || bytes > limit - next) {
            next = limit;
            return false;
        }
        start = next;
        end = start + bytes;
        next = end + (-bytes & (ALIGN - 1));
        return true;
    }

    int type() {
        return Short.toUnsignedInt(buffer.getShort(start + TYPE));
    }

    int flags() {
        return Short.toUnsignedInt(buffer.getShort(start + FLAGS));
    }

    int sequence() {
        return buffer.getInt(start + SEQUENCE);
    }

    /** Behind the netlink header. */
    int body() {
        return start + MessageWriter.HEADER_BYTES;
    }

    /** Behind the message. */
    int end() {
        return end;
    }

    DirectBuffer buffer() {
        return buffer;
    }
}
