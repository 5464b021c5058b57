package io.penstock.forwarder.xdp;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What fails at present, by what it was tried for: told until the same succeeds. {@code fwd-xdp}'s alone. */
final class Lapses {
    private final Map<Cause, Lapse> lapses = new EnumMap<>(Cause.class);

    /** What is tried again and again. */
    enum Cause {
        /** The kernel tells of no changes. */
        NEWS,
        /** It could not be asked for links, neighbours and routes. */
        LOOK,
        /** The newest table is not in the maps. */
        TABLE,
        /** Other changes are not in the maps. */
        MAPS,
        /** The names of numbers could not be written. */
        NAMES
    }

    private record Lapse(String text, long sinceNs) {}

    /** @param text why it failed this time */
    void failed(Cause cause, String text, long nowNs) {
        Lapse before = lapses.get(cause);
        lapses.put(cause, new Lapse(text, before == null ? nowNs : before.sinceNs));
    }

    void succeeded(Cause cause) {
        lapses.remove(cause);
    }

    boolean isFailing(Cause cause) {
        return lapses.containsKey(cause);
    }

    /** Why the cause fails, when it has done so for that long. */
    Optional<String> lasting(Cause cause, long nowNs, long patienceNs) {
        Lapse lapse = lapses.get(cause);
        return lapse == null || nowNs - lapse.sinceNs < patienceNs ? Optional.empty() : Optional.of(lapse.text);
    }

    List<String> texts() {
        return lapses.values().stream().map(Lapse::text).toList();
    }
}
