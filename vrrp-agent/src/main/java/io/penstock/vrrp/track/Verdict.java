package io.penstock.vrrp.track;

import java.util.List;
import java.util.Optional;

/**
 * What follows from all tracks of a router.
 *
 * @param priority in effect, 1 to 254, or 255 for the owner
 * @param fault empty when there is none
 * @param views of each, for people
 */
public record Verdict(int priority, Optional<String> fault, List<TrackView> views) {
    public Verdict {
        views = List.copyOf(views);
    }
}
