package io.penstock.forwarder.xdp;

import io.penstock.metrics.BucketCounts;
import java.util.Map;

/**
 * What the program has counted, since its maps were made: processes come and go meanwhile.
 *
 * @param counters of packets
 * @param backends what went to each in the maps, by number; of a service it is the sum
 * @param ringFills how long it took to fill rings, of this process
 */
public record PlaneFigures(Map<PlaneCounter, Long> counters, Map<Integer, Volume> backends, BucketCounts ringFills) {
    public record Volume(long packets, long octets) {
        public Volume plus(Volume other) {
            return new Volume(packets + other.packets, octets + other.octets);
        }
    }
}
