package io.penstock.perf.policies;

import io.penstock.perf.policies.scenario.Contestant;
import io.penstock.perf.policies.scenario.Moves;
import io.penstock.perf.policies.scenario.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Made-up outcomes. */
final class Outcomes {
    static final List<Long> EVEN = List.of(500L, 500L, 500L, 500L, 500L, 500L, 500L, 400L);
    static final List<Long> SPARING = List.of(500L, 500L, 500L, 500L, 500L, 500L, 100L, 400L);

    private Outcomes() {}

    /** Of every policy, the best that it can do. */
    static Map<String, Outcome> asPromised() {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (Contestant contestant : Contestant.all()) {
            outcomes.put(
                    contestant.name(),
                    switch (contestant.spec().kind()) {
                        case LEAST_CONNECTIONS, TWO_CHOICES, LEAST_TIME, ADAPTIVE -> of(SPARING, 100, 600);
                        case ROUND_ROBIN, RANDOM -> of(EVEN, 200, 600);
                        case MAGLEV, RING_HASH -> of(EVEN, 200, 0);
                    });
        }
        return outcomes;
    }

    /** @param needless of 900 flows, of which 100 had to move */
    static Outcome of(List<Long> answers, double p99Ms, int needless) {
        return new Outcome(answers, 0, 10, p99Ms, 0, new Moves(900, 100, needless));
    }
}
