package io.penstock.netlink;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;

/** The table of a resilient group: which member each bucket leads to (linux/nexthop.h). */
public final class Buckets {
    private static final int NHA_RES_BUCKET = 13;
    private static final int NHA_RES_BUCKET_INDEX = 1;
    private static final int NHA_RES_BUCKET_IDLE_TIME = 2;
    private static final int NHA_RES_BUCKET_NH_ID = 3;

    private Buckets() {}

    /**
     * One bucket.
     *
     * @param idle since the last packet, or since it was given to this member
     */
    public record Bucket(int index, int nextHopId, Duration idle) {}

    /**
     * In the order of their indexes.
     *
     * @throws NetlinkException when there is no such group, or it is not resilient
     */
    public static List<Bucket> list(NetlinkSocket socket, int groupId) throws IOException {
        Request request = new Request(
                "list the buckets of nexthop group " + Integer.toUnsignedString(groupId),
                (writer, sequence) -> writer.begin(
                                Rtnetlink.RTM_GETNEXTHOPBUCKET,
                                Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_DUMP,
                                sequence)
                        .zero(NextHops.HEADER_BYTES)
                        .attribute32(NextHops.NHA_ID, groupId)
                        .finish());
        return socket.dump(request, Buckets::parse);
    }

    static Optional<Bucket> parse(DirectBuffer buffer, int from, int limit) {
        AttributeReader attributes = new AttributeReader(buffer, from + NextHops.HEADER_BYTES, limit);
        while (attributes.next()) {
            if (attributes.type() == NHA_RES_BUCKET) {
                return Optional.of(bucket(attributes.nested()));
            }
        }
        return Optional.empty();
    }

    private static Bucket bucket(AttributeReader attributes) {
        int index = 0;
        int nextHopId = 0;
        long idleTicks = 0;
        while (attributes.next()) {
            switch (attributes.type()) {
                case NHA_RES_BUCKET_INDEX -> index = attributes.u16();
                case NHA_RES_BUCKET_NH_ID -> nextHopId = attributes.s32();
                case NHA_RES_BUCKET_IDLE_TIME -> idleTicks = attributes.u64();
                default -> {
                    // There is none yet.
                }
            }
        }
        return new Bucket(index, nextHopId, Duration.ofMillis(idleTicks * NextHops.TICK_MILLIS));
    }
}
