package io.penstock.forwarder.control;

import io.penstock.forwarder.config.Place;
import io.penstock.forwarder.control.LevelPlan.Distance;
import java.util.Optional;

/** How near two places are. */
final class Places {
    private Places() {}

    /**
     * The distance of a backend, for clients at one place.
     *
     * @param from empty when nothing is known of the clients' place: every backend is equally near
     * @param to empty for a backend that may be anywhere
     */
    static Distance distance(Optional<Place> from, Optional<Place> to) {
        if (from.isEmpty()) {
            return Distance.SAME_ZONE;
        }
        if (to.isEmpty()) {
            return Distance.ELSEWHERE;
        }
        Place a = from.get();
        Place b = to.get();
        boolean sameRegion = a.region().equals(b.region());
        // With zones alone, a zone is told from another by its name; in a region, a name counts within it.
        if (!a.zone().isEmpty() && a.zone().equals(b.zone()) && sameRegion) {
            return Distance.SAME_ZONE;
        }
        return sameRegion && !a.region().isEmpty() ? Distance.SAME_REGION : Distance.ELSEWHERE;
    }
}
