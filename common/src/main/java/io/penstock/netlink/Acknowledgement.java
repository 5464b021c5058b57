package io.penstock.netlink;

import java.util.Optional;
import org.agrona.DirectBuffer;

/** Reads what the kernel answers to a request, or at the end of a dump: 0 or an error, and its words for it (NLMSGERR_ATTR_*). */
final class Acknowledgement {
    private static final int ERRNO_BYTES = 4;
    private static final int LENGTH_OFFSET_OF_REQUEST = ERRNO_BYTES;
    private static final int NLMSGERR_ATTR_MSG = 1;
    private static final int NLMSGERR_ATTR_OFFS = 2;

    private Acknowledgement() {}

    /**
     * @param reader at a message of type NLMSG_ERROR or NLMSG_DONE
     * @param sent the request, to name the attribute that was refused
     * @param sentAt where it begins there
     */
    static Optional<NetlinkException> read(MessageReader reader, Request request, DirectBuffer sent, int sentAt) {
        DirectBuffer buffer = reader.buffer();
        int body = reader.body();
        int errno = reader.end() - body < ERRNO_BYTES ? 0 : -buffer.getInt(body);
        if (errno <= 0) {
            return Optional.empty();
        }
        String words = "";
        if ((reader.flags() & Rtnetlink.NLM_F_ACK_TLVS) != 0) {
            words = words(new AttributeReader(buffer, attributes(reader), reader.end()), sent, sentAt);
        }
        return Optional.of(new NetlinkException(errno, request.toString(), words));
    }

    private static int attributes(MessageReader reader) {
        int body = reader.body();
        if (reader.type() == Rtnetlink.NLMSG_DONE) {
            return body + ERRNO_BYTES;
        }
        int repeated = MessageWriter.HEADER_BYTES;
        if ((reader.flags() & Rtnetlink.NLM_F_CAPPED) == 0
                && reader.end() - body >= LENGTH_OFFSET_OF_REQUEST + Integer.BYTES) {
            repeated = Math.max(repeated, reader.buffer().getInt(body + LENGTH_OFFSET_OF_REQUEST));
        }
        return (int) Math.min((long) body + ERRNO_BYTES + repeated, reader.end());
    }

    private static String words(AttributeReader attributes, DirectBuffer sent, int sentAt) {
        String words = "";
        long refusedAt = 0;
        while (attributes.next()) {
            switch (attributes.type()) {
                case NLMSGERR_ATTR_MSG -> words = attributes.text();
                case NLMSGERR_ATTR_OFFS -> refusedAt = attributes.u32();
                default -> {
                    // A cookie, or the policy that was violated: the words say enough.
                }
            }
        }
        long at = sentAt + refusedAt + Short.BYTES;
        if (refusedAt < MessageWriter.HEADER_BYTES || at + Short.BYTES > sent.capacity()) {
            return words;
        }
        int type = Short.toUnsignedInt(sent.getShort((int) at)) & AttributeReader.TYPE_MASK;
        return words.isEmpty() ? "attribute " + type : words + ", attribute " + type;
    }
}
