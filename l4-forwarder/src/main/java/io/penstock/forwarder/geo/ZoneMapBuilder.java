package io.penstock.forwarder.geo;

import io.penstock.forwarder.config.Place;
import io.penstock.net.IpPrefix;
import io.penstock.net.IpPrefixMapBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects prefixes and their places, and numbers the places. */
final class ZoneMapBuilder {
    /** Each is worth a set of levels in every pool; a list with more mistakes something else for a place. */
    static final int MAX_PLACES = 1000;

    private final IpPrefixMapBuilder prefixes = new IpPrefixMapBuilder();
    private final Map<Place, Integer> zones = new HashMap<>();
    private final List<Optional<Place>> places = new ArrayList<>();

    /** False when it would be one place too many. */
    boolean tryAdd(IpPrefix prefix, Place place) {
        if (zones.size() == MAX_PLACES && !zones.containsKey(place)) {
            return false;
        }
        prefixes.add(prefix, zones.computeIfAbsent(place, this::next));
        return true;
    }

    private int next(Place place) {
        places.add(Optional.of(place));
        return places.size();
    }

    /** Of all that were added, from 0, those whose prefix was there already. */
    int[] repeated() {
        return prefixes.repeated();
    }

    /** @param own of the forwarder, and so of clients that no prefix names */
    ClientPlaces build(Optional<Place> own) {
        List<Optional<Place>> byZone = new ArrayList<>(List.of(own));
        byZone.addAll(places);
        return new ClientPlaces(prefixes.build(), List.copyOf(byZone));
    }
}
