package io.penstock.forwarder.balance;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The ids of backends in the order of their UTF-8 octets, which is the same wherever they stand in a list. What is decided
 * by an order must be decided by this one, or two forwarders whose files list the same backends differently would send
 * about 0.5 % of flows to different ones (it happened, envoyproxy/envoy#20703).
 */
final class OrderedIds {
    private final byte[][] octets;
    private final int[] indices;

    private OrderedIds(byte[][] octets, int[] indices) {
        this.octets = octets;
        this.indices = indices;
    }

    /** @throws IllegalArgumentException if two are the same */
    static OrderedIds of(String[] ids) {
        byte[][] octets = new byte[ids.length][];
        Integer[] byOctets = new Integer[ids.length];
        for (int i = 0; i < ids.length; i++) {
            octets[i] = ids[i].getBytes(StandardCharsets.UTF_8);
            byOctets[i] = i;
        }
        Arrays.sort(byOctets, (a, b) -> Arrays.compareUnsigned(octets[a], octets[b]));
        int[] indices = new int[ids.length];
        for (int rank = 0; rank < ids.length; rank++) {
            indices[rank] = byOctets[rank];
            if (rank > 0 && Arrays.equals(octets[indices[rank]], octets[indices[rank - 1]])) {
                throw new IllegalArgumentException("backend id given twice: " + ids[indices[rank]]);
            }
        }
        return new OrderedIds(octets, indices);
    }

    /** Where in the list the id of this rank is. */
    int index(int rank) {
        return indices[rank];
    }

    byte[] octets(int rank) {
        return octets[indices[rank]];
    }

    /** By rank; not a copy. */
    int[] indices() {
        return indices;
    }
}
