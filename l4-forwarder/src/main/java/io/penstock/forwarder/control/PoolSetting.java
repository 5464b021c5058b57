package io.penstock.forwarder.control;

import io.penstock.forwarder.config.Place;
import io.penstock.net.FlowHash;
import java.util.List;
import java.util.Optional;

/**
 * What all pools are made with, beside what is configured of each.
 *
 * @param own place of the forwarder
 * @param clientPlaces by the index of the client's zone; first that of clients of whom nothing is known
 */
record PoolSetting(FlowHash flowHash, Optional<Place> own, List<Optional<Place>> clientPlaces) {
    PoolSetting {
        clientPlaces = List.copyOf(clientPlaces);
    }
}
