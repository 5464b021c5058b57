package io.penstock.forwarder.table;

import io.penstock.forwarder.balance.Selection;
import java.util.ArrayList;
import java.util.List;

/** How the connections of clients in one zone spread over the groups of a pool, by share. Immutable. */
public final class Spread {
    private final BackendGroup[] groups;

    /** Where each group's share of the hashes ends, as unsigned 32-bit numbers; the last is 2^32. */
    private final long[] ends;

    /**
     * Shares of the connections, one per group.
     *
     * @param shares 0 and up; their sum is the whole. A group without a share is used when all before it can take nobody
     */
    public Spread(List<BackendGroup> groups, int[] shares) {
        this.groups = groups.toArray(new BackendGroup[0]);
        ends = new long[shares.length];
        long sum = 0;
        for (int share : shares) {
            sum += share;
        }
        long before = 0;
        for (int i = 0; i < shares.length; i++) {
            before += shares[i];
            ends[i] = sum == 0 ? 0 : (before << 32) / sum;
        }
    }

    /** A pool without zones and priorities. */
    public static Spread of(BackendGroup group) {
        return new Spread(List.of(group), new int[] {1});
    }

    /** Of all groups. */
    List<Backend> backends() {
        List<Backend> all = new ArrayList<>();
        for (BackendGroup group : groups) {
            all.addAll(group.backends());
        }
        return all;
    }

    /** Of groups that get nobody while better ones, which have a share, have room. */
    List<Backend> withoutShare() {
        List<Backend> idle = new ArrayList<>();
        long before = 0;
        for (int i = 0; i < groups.length; i++) {
            if (before > 0 && ends[i] == before) {
                idle.addAll(groups[i].backends());
            }
            before = ends[i];
        }
        return idle;
    }

    int size() {
        int size = 0;
        for (BackendGroup group : groups) {
            size += group.size();
        }
        return size;
    }

    /** A backend that the selection does not exclude: of the hash's group, or else of the first that has one; or null. */
    Backend select(long hash, Selection selection) {
        int own = groupOf(hash);
        Backend backend = own < groups.length ? groups[own].select(hash, selection) : null;
        for (int i = 0; i < groups.length && backend == null; i++) {
            if (i != own) {
                backend = groups[i].select(hash, selection);
            }
        }
        return backend;
    }

    /** By bits that no policy looks at, so that a group's flows are spread over all of its table. */
    private int groupOf(long hash) {
        if (groups.length == 1) {
            return 0;
        }
        long place = Selection.mix(hash) >>> 32;
        int group = 0;
        while (group < groups.length && place >= ends[group]) {
            group++;
        }
        return group;
    }
}
