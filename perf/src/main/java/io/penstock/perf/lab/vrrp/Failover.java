package io.penstock.perf.lab.vrrp;

import io.penstock.perf.lab.vrrp.WireEvent.Kind;
import java.util.List;
import java.util.function.Predicate;

/**
 * One, as the wire had it. All in milliseconds after the last advertisement of the one that was active.
 *
 * @param advertisementMs the first of the other
 * @param announcementMs its first gratuitous ARP
 * @param replyMs the first connection that it accepted
 */
record Failover(double advertisementMs, double announcementMs, double replyMs) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Of what came meanwhile, in which all of this is. */
    static Failover of(List<WireEvent> events, Predicate<WireEvent> isFirst, Predicate<WireEvent> isSecond) {
        long takenNs = first(events, 0, isSecond.and(Rig::isAlive));
        long lastNs = events.stream()
                .filter(isFirst.and(event -> event.kind() == Kind.ADVERTISEMENT))
                .mapToLong(WireEvent::atNs)
                .filter(atNs -> atNs < takenNs)
                .max()
                .orElseThrow();
        long announcedNs = first(events, lastNs, isSecond.and(event -> event.kind() == Kind.ANNOUNCEMENT));
        long repliedNs = first(events, lastNs, isSecond.and(event -> event.kind() == Kind.REPLY));
        return new Failover(
                (takenNs - lastNs) / NANOS_PER_MILLI,
                (announcedNs - lastNs) / NANOS_PER_MILLI,
                (repliedNs - lastNs) / NANOS_PER_MILLI);
    }

    private static long first(List<WireEvent> events, long sinceNs, Predicate<WireEvent> wanted) {
        return events.stream()
                .filter(event -> event.atNs() >= sinceNs)
                .filter(wanted)
                .mapToLong(WireEvent::atNs)
                .min()
                .orElseThrow();
    }
}
