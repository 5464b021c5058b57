package io.penstock.forwarder.balance;

import java.util.HashMap;
import java.util.Map;

/**
 * What a change from one table to another of the same size moves.
 *
 * @param slots of either table
 * @param moved slots whose backend, by id, is not the same in both
 * @param unavoidable the fewest that had to move for the new shares: what a backend that left had, what one that came
 *     or grew took
 */
public record Disruption(int slots, int moved, int unavoidable) {
    /** An id is compared, not an index: indices shift when the list of backends changes. */
    public static Disruption between(MaglevTable before, String[] idsBefore, MaglevTable after, String[] idsAfter) {
        if (before.size() != after.size()) {
            throw new IllegalArgumentException("tables of " + before.size() + " and " + after.size() + " slots");
        }
        int[] newIndex = indicesIn(idsBefore, idsAfter);
        int moved = 0;
        for (int slot = 0; slot < before.size(); slot++) {
            int old = before.backendAt(slot);
            if ((old == MaglevTable.NONE ? MaglevTable.NONE : newIndex[old]) != after.backendAt(slot)) {
                moved++;
            }
        }
        return new Disruption(before.size(), moved, unavoidable(before, newIndex, after, idsAfter.length));
    }

    /** Slots that moved although they could have stayed. */
    public int needless() {
        return moved - unavoidable;
    }

    /** Of the slots that could have stayed, the share that moved: 0 to 1. */
    public double needlessShare() {
        return slots == unavoidable ? 0 : (double) needless() / (slots - unavoidable);
    }

    private static int unavoidable(MaglevTable before, int[] newIndex, MaglevTable after, int backendsAfter) {
        if (before.backends() == 0 || after.backends() == 0) {
            return before.backends() == after.backends() ? 0 : before.size();
        }
        int[] countsBefore = before.slotCounts(newIndex.length);
        int[] countsAfter = after.slotCounts(backendsAfter);
        int lost = 0;
        for (int i = 0; i < newIndex.length; i++) {
            int kept = newIndex[i] < 0 ? 0 : countsAfter[newIndex[i]];
            lost += Math.max(0, countsBefore[i] - kept);
        }
        return lost;
    }

    /** Where each of these ids is in the other list; -2, which is no index of any table, when it is not there. */
    private static int[] indicesIn(String[] ids, String[] others) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < others.length; i++) {
            places.put(others[i], i);
        }
        int[] indices = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            indices[i] = places.getOrDefault(ids[i], -2);
        }
        return indices;
    }
}
