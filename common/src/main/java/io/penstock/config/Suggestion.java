package io.penstock.config;

import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;

/** The word that was probably meant. */
public final class Suggestion {
    /** Longer words are not typing mistakes of ours, and the distance costs the product of both lengths. */
    private static final int MAX_WORD_CHARS = 64;

    /** Enough for the keys and names of a real file; bounds what a senseless one costs. */
    private static final int MAX_CANDIDATES = 1000;

    private Suggestion() {}

    /** The nearest candidate that is at most a third of the word away in single-letter edits and swaps. */
    public static Optional<String> nearest(String word, Collection<String> candidates) {
        if (word.length() > MAX_WORD_CHARS) {
            return Optional.empty();
        }
        String nearest = null;
        int best = Math.max(1, word.length() / 3) + 1;
        Iterator<String> first = candidates.iterator();
        for (int i = 0; i < MAX_CANDIDATES && first.hasNext(); i++) {
            String candidate = first.next();
            if (Math.abs(candidate.length() - word.length()) < best) {
                int distance = distance(word, candidate);
                if (distance < best) {
                    best = distance;
                    nearest = candidate;
                }
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** {@code , did you mean 'x'?} or nothing. */
    public static String didYouMean(String word, Collection<String> candidates) {
        return nearest(word, candidates)
                .map(candidate -> ", did you mean '" + candidate + "'?")
                .orElse("");
    }

    /** Optimal string alignment: insert, delete, replace, swap two neighbours. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapestStep(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapestStep(int[][] cost, String a, String b, int i, int j) {
        int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int cheapest = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(cheapest, cost[i - 2][j - 2] + 1) : cheapest;
    }
}
