package io.penstock.perf.policies.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.PolicyKind;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ContestantTest {
    private final List<Contestant> all = Contestant.all();

    @Test
    void shouldLeaveOutNoPolicy() {
        Set<PolicyKind> kinds =
                all.stream().map(contestant -> contestant.spec().kind()).collect(Collectors.toSet());
        assertEquals(Set.copyOf(Arrays.asList(PolicyKind.values())), kinds);
    }

    @Test
    void shouldNameEachDifferently() {
        assertEquals(
                all.size(),
                all.stream().map(Contestant::name).collect(Collectors.toSet()).size());
    }

    @Test
    void shouldKnowHowManySourcesAPolicyTellsApart() {
        assertEquals(Double.POSITIVE_INFINITY, named("maglev").sources());
        assertEquals(2_000, named("maglev-source").sources());
        assertEquals(250, named("maglev-source-24").sources());
    }

    @Test
    void shouldPromiseNoConsistencyWhereLoadDecidesToo() {
        assertTrue(named("ring-hash").isConsistent());
        assertTrue(named("maglev-source-24").isConsistent());
        assertFalse(named("ring-hash-125").isConsistent());
        assertFalse(named("least-connections").isConsistent());
    }

    private Contestant named(String name) {
        return all.stream()
                .filter(contestant -> contestant.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
