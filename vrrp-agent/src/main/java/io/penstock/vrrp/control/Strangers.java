package io.penstock.vrrp.control;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Virtual routers that are heard and not configured here: each is worth a line now and then, whatever the number of its packets. */
final class Strangers {
    /** Before the same one is named again. */
    static final long PAUSE_NS = Duration.ofMinutes(10).toNanos();

    private record Stranger(String interfaceName, int vrid) {}

    /** At most 256 of each interface. */
    private final Map<Stranger, Long> named = new HashMap<>();

    /** Whether to name this one now. */
    boolean isNews(String interfaceName, int vrid, long nowNs) {
        Stranger stranger = new Stranger(interfaceName, vrid);
        Long before = named.get(stranger);
        if (before != null && nowNs - before < PAUSE_NS) {
            return false;
        }
        named.put(stranger, nowNs);
        return true;
    }
}
