package io.penstock.forwarder.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Which share of connections goes to which members of a pool: the nearest of the best priority first. A level takes its
 * healthy share times the overprovisioning factor, up to all; what is left goes to the next level. When that is less
 * than everything over all levels, it is scaled up to everything (Envoy's priority load, "Priority levels" in its
 * architecture overview; there heads count and shares are whole percents). Pure.
 */
final class LevelPlan {
    /** What shares are counted in. */
    static final int WHOLE = 10_000;

    /** How near to a client, or to the forwarder: one level each, of one priority. */
    enum Distance {
        SAME_ZONE,
        SAME_REGION,
        ELSEWHERE
    }

    /**
     * A member as this plan sees it.
     *
     * @param capacity its configured weight: what it counts for in its level; 0 when it was taken out on purpose
     * @param healthy whether that capacity is there
     * @param used whether it is to be in a table; without being healthy, in a panic
     */
    record Candidate(int priority, Distance distance, int capacity, boolean healthy, boolean used) {}

    /**
     * @param members indices of the candidates that are used; at least one
     * @param share of the connections, of the sum of all shares
     */
    record Level(List<Integer> members, int share) {}

    private record Rank(int priority, Distance distance) {}

    private LevelPlan() {}

    /** The levels that have somebody to use, in order; the last may have no share, for when all before are full. */
    static List<Level> of(List<Candidate> candidates, int overprovisioningPercent) {
        TreeMap<Rank, List<Integer>> ranks =
                new TreeMap<>(Comparator.comparing(Rank::priority).thenComparing(Rank::distance));
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            ranks.computeIfAbsent(new Rank(candidate.priority, candidate.distance), rank -> new ArrayList<>())
                    .add(i);
        }
        long[] health = ranks.values().stream()
                .mapToLong(members -> health(candidates, members, overprovisioningPercent))
                .toArray();
        int[] loads = loads(health);
        List<Level> levels = new ArrayList<>();
        int rank = 0;
        for (List<Integer> members : ranks.values()) {
            List<Integer> used =
                    members.stream().filter(i -> candidates.get(i).used).toList();
            if (!used.isEmpty()) {
                levels.add(new Level(used, loads[rank]));
            }
            rank++;
        }
        return levels;
    }

    /** What a level can take of everything, 0 to {@link #WHOLE}. */
    private static long health(List<Candidate> candidates, List<Integer> members, int overprovisioningPercent) {
        long healthy = 0;
        long all = 0;
        for (int i : members) {
            Candidate candidate = candidates.get(i);
            all += candidate.capacity;
            healthy += candidate.healthy ? candidate.capacity : 0;
        }
        return all == 0 ? 0 : Math.min(WHOLE, healthy * overprovisioningPercent * (WHOLE / 100) / all);
    }

    /** What each level gets; the sum is {@link #WHOLE} unless none has any health. */
    static int[] loads(long[] health) {
        long sum = 0;
        for (long one : health) {
            sum += one;
        }
        long total = Math.min(WHOLE, sum);
        int[] loads = new int[health.length];
        int left = WHOLE;
        int last = -1;
        for (int i = 0; i < health.length && total > 0; i++) {
            loads[i] = (int) Math.min(left, health[i] * WHOLE / total);
            left -= loads[i];
            last = loads[i] > 0 ? i : last;
        }
        if (last >= 0) {
            // What was cut off by whole numbers.
            loads[last] += left;
        }
        return loads;
    }
}
