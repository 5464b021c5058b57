package io.penstock.perf.change.balancers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SiteHistoryTest {
    private static final int STEPS = 200;

    private final SiteHistory history =
            new SiteHistory(1, List.of(11, 12, 13, 14, 15, 16, 17, 18), List.of(21, 22, 23, 24, 25, 26));

    @Test
    void shouldChangeInEveryStep() {
        Site before = history.site();
        for (int i = 0; i < STEPS; i++) {
            Site after = history.next().site();
            assertNotEquals(before, after, "step " + i);
            before = after;
        }
    }

    @Test
    void shouldAddAndRemoveListenersOfBothKindsWeightsAndBackends() {
        int added = 0;
        int removed = 0;
        Set<Boolean> kinds = new HashSet<>();
        Set<Integer> backends = new HashSet<>();
        Set<List<Integer>> weights = new HashSet<>();
        Site before = history.site();
        for (int i = 0; i < STEPS; i++) {
            SiteHistory.Step step = history.next();
            added += step.added().isPresent() ? 1 : 0;
            removed += step.site().extras().containsAll(before.extras()) ? 0 : 1;
            step.added().ifPresent(listener -> kinds.add(listener.ownService()));
            backends.add(step.site().backends().size());
            weights.add(step.site().backends().stream().map(Site.Server::weight).toList());
            before = step.site();
        }
        assertEquals(50, added);
        assertEquals(49, removed);
        assertEquals(Set.of(true, false), kinds);
        assertTrue(backends.size() > 2, "numbers of backends: " + backends);
        assertTrue(weights.size() > 10, "weights: " + weights.size());
    }

    @Test
    void shouldSayWhichListenerIsNew() {
        Site before = history.site();
        for (int i = 0; i < STEPS; i++) {
            SiteHistory.Step step = history.next();
            Site site = step.site();
            Site old = before;
            step.added().ifPresent(listener -> {
                assertTrue(site.extras().contains(listener));
                assertFalse(old.extras().contains(listener));
            });
            before = site;
        }
    }

    @Test
    void shouldNeverUseAPortTwiceAndKeepEnoughBackends() {
        for (int i = 0; i < STEPS; i++) {
            Site site = history.next().site();
            Set<Integer> ports = new HashSet<>();
            site.extras().forEach(listener -> assertTrue(ports.add(listener.port())));
            assertTrue(site.backends().size() >= 3);
            assertEquals(1, site.port());
        }
    }
}
