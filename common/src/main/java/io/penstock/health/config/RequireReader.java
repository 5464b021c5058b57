package io.penstock.health.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.health.Combination;
import io.penstock.health.HealthCheck;
import java.util.List;
import java.util.Map;

/** Reads {@code require} of several checks. */
final class RequireReader {
    private static final Map<String, Combination> WORDS =
            Map.of("all", new Combination.All(), "any", new Combination.Any());
    private static final int MAX_SCORE = 16_000;

    private RequireReader() {}

    /** @param comparable whether the checks could be read, so that what is required can be compared with them */
    static Combination read(ConfigValue require, List<HealthCheck> checks, boolean comparable) {
        if (require.isMapping()) {
            return require.section(section -> counted(section, checks, comparable))
                    .orElseThrow();
        }
        return require.oneOf(WORDS).orElseGet(Combination.All::new);
    }

    private static Combination counted(ConfigSection require, List<HealthCheck> checks, boolean comparable) {
        int atLeast = require.integer("at-least", 1, 1, HealthReader.MAX_CHECKS);
        int score = require.integer("score", 1, 1, MAX_SCORE);
        int downBelow = require.integer("down-below", score, 1, MAX_SCORE);
        KeyRules.atMostOne(require, "at-least", "score");
        if (KeyRules.hasNone(require, "at-least", "score")) {
            require.problem("at-least", "is needed, or score");
        }
        if (!require.has("score")) {
            KeyRules.onlyFor("score", require, "down-below");
        } else if (require.isSound("score", "down-below") && downBelow > score) {
            require.problem("down-below", "must be at most the score (" + score + ")");
        }
        int sum = checks.stream().mapToInt(HealthCheck::weight).sum();
        atMost(require, comparable, "at-least", atLeast, checks.size(), "as many as there are checks");
        atMost(require, comparable, "score", score, sum, "the weights of all checks together");
        if (!require.isSound()) {
            return new Combination.All();
        }
        return require.has("score") ? new Combination.Score(score, downBelow) : new Combination.AtLeast(atLeast);
    }

    private static void atMost(ConfigSection require, boolean comparable, String key, int value, int max, String what) {
        if (comparable && require.has(key) && require.isSound(key) && value > max) {
            require.problem(key, "must be at most " + what + " (" + max + ")");
        }
    }
}
