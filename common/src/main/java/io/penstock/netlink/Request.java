package io.penstock.netlink;

/**
 * One thing to ask of the kernel: made by {@link Addresses} and its like, carried by a {@link NetlinkSocket}. Immutable, and may be
 * sent again.
 */
public final class Request {
    /** Writes one message, from begin to finish. */
    interface Encoder {
        void encode(MessageWriter writer, int sequence);
    }

    /** The longest that one message may be, in octets: more than 800 legs of a route. */
    static final int MAX_BYTES = 16 * 1024;

    private final String description;
    private final Encoder encoder;

    /** @param description what is asked, as a person would say it: {@code add 192.0.2.1/32 to link 1} */
    Request(String description, Encoder encoder) {
        this.description = description;
        this.encoder = encoder;
    }

    void encode(MessageWriter writer, int sequence) {
        encoder.encode(writer, sequence);
    }

    /** As a person would say it. */
    @Override
    public String toString() {
        return description;
    }
}
