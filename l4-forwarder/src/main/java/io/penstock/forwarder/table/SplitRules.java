package io.penstock.forwarder.table;

import io.penstock.forwarder.balance.Selection;
import io.penstock.net.FlowHash;
import io.penstock.net.IpPrefix;
import io.penstock.net.IpPrefixMap;
import io.penstock.net.IpPrefixMapBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Which side of a split a client is on, by its address alone: on every connection and on every forwarder with the same
 * secret. Sides named by address come first, then shares in their order. Immutable; holds no table's pools.
 *
 * <p>Each share has a hash of its own, so a client's draw for one says nothing of its draw for another, nor of the
 * backend that a policy picks. A share decides among the clients that those before it left. So raising the last one moves
 * exactly what it gains, from the rest to it; raising an earlier one also shifts the later ones, by their part of that.
 */
public final class SplitRules {
    /** The side of those that no rule takes. */
    public static final int REST = IpPrefixMap.NONE;

    /** All clients, in the unit of shares: hundredths of a percent. */
    public static final int WHOLE = 10_000;

    /** Draws have 32 bits. */
    private static final int DRAW_SHIFT = 32;

    private final FlowHash flowHash;
    private final IpPrefixMap sources;
    private final long[] salts;
    private final long[] limits;
    private final int[] sides;

    private SplitRules(Builder builder) {
        flowHash = builder.flowHash;
        sources = builder.sources.build();
        int count = builder.shares.size();
        salts = new long[count];
        limits = new long[count];
        sides = new int[count];
        long left = WHOLE;
        for (int i = 0; i < count; i++) {
            Share share = builder.shares.get(i);
            sides[i] = share.side;
            salts[i] = flowHash.ofBytes(share.name.getBytes(StandardCharsets.UTF_8));
            limits[i] = left == 0 ? 0 : ((long) share.size << DRAW_SHIFT) / left;
            left -= share.size;
        }
    }

    /** The halves are those of an IpAddress. */
    public int sideOf(long sourceHigh, long sourceLow) {
        int side = sources.get(sourceHigh, sourceLow);
        return side != REST || sides.length == 0 ? side : drawn(flowHash.ofSource(sourceHigh, sourceLow));
    }

    private int drawn(long sourceHash) {
        for (int i = 0; i < sides.length; i++) {
            if (Selection.mix(sourceHash ^ salts[i]) >>> DRAW_SHIFT < limits[i]) {
                return sides[i];
            }
        }
        return REST;
    }

    private record Share(int side, String name, int size) {}

    /** Collects the rules of one service, in order; sides are numbers from 1 up that the caller chooses. */
    public static final class Builder {
        private final FlowHash flowHash;
        private final IpPrefixMapBuilder sources = new IpPrefixMapBuilder();
        private final List<IpPrefix> taken = new ArrayList<>();
        private final List<Share> shares = new ArrayList<>();
        private int shared;

        public Builder(FlowHash flowHash) {
            this.flowHash = flowHash;
        }

        /** These clients, but for those that an earlier rule took. */
        public Builder sources(int side, List<IpPrefix> prefixes) {
            List<IpPrefix> free = new ArrayList<>();
            for (IpPrefix prefix : prefixes) {
                if (!isTaken(prefix)) {
                    sources.add(prefix, side);
                    free.add(prefix);
                }
            }
            taken.addAll(free);
            return this;
        }

        private boolean isTaken(IpPrefix prefix) {
            for (IpPrefix earlier : taken) {
                if (earlier.contains(prefix)) {
                    return true;
                }
            }
            return false;
        }

        /**
         * A share of the clients that no address names.
         *
         * @param name of what serves it, different for each share: it salts the hash, so it must not change with the others
         * @param size in hundredths of a percent; all together at most {@link #WHOLE}
         */
        public Builder share(int side, String name, int size) {
            shared += size;
            if (size < 0 || shared > WHOLE) {
                throw new IllegalArgumentException("shares must be 0 to " + WHOLE + " together (was " + shared + ")");
            }
            shares.add(new Share(side, name, size));
            return this;
        }

        public SplitRules build() {
            return new SplitRules(this);
        }
    }
}
