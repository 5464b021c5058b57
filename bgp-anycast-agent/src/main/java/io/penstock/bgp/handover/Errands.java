package io.penstock.bgp.handover;

import io.penstock.admin.AdminAddress;
import io.penstock.bgp.config.ThenConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What is still to be said, and when: of each VIP the last word only, and to a server that failed nothing for a while, which gets longer
 * each time. Not thread-safe, and without a clock.
 */
final class Errands {
    static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(250);
    static final long LONGEST_PAUSE_NS = TimeUnit.SECONDS.toNanos(15);

    private final Map<String, Errand> pending = new LinkedHashMap<>();
    private final Map<AdminAddress, Pause> pauses = new HashMap<>();

    private record Pause(long lengthNs, long untilNs) {}

    /** Takes the place of what was to be said of the VIP before. */
    void add(Errand errand) {
        pending.remove(errand.vip());
        pending.put(errand.vip(), errand);
    }

    /**
     * What is still to be said goes there from now on.
     *
     * @param receivers by VIP; what is of another is dropped, and returned
     */
    List<Errand> readdress(Map<String, ThenConfig> receivers) {
        List<Errand> dropped = new ArrayList<>();
        for (Errand errand : List.copyOf(pending.values())) {
            ThenConfig to = receivers.get(errand.vip());
            if (to == null) {
                pending.remove(errand.vip());
                dropped.add(errand);
            } else if (!to.equals(errand.to())) {
                pending.put(errand.vip(), new Errand(errand.vip(), to, errand.order()));
            }
        }
        return dropped;
    }

    Optional<Errand> due(long nowNs) {
        return pending.values().stream()
                .filter(errand -> dueNs(errand, nowNs) <= nowNs)
                .findFirst();
    }

    /** How long until one is due; Long.MAX_VALUE for never. */
    long untilDueNs(long nowNs) {
        return pending.values().stream()
                .mapToLong(errand -> Math.max(0, dueNs(errand, nowNs) - nowNs))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private long dueNs(Errand errand, long nowNs) {
        Pause pause = pauses.get(errand.to().server());
        return pause == null ? nowNs : pause.untilNs();
    }

    /** It was said. Returns whether nothing more is to be said of the VIP: it may have been replaced meanwhile. */
    boolean done(Errand errand) {
        pauses.remove(errand.to().server());
        return pending.remove(errand.vip(), errand);
    }

    /** It was not. Other errands to other servers come first. */
    void failed(Errand errand, long nowNs) {
        Pause before = pauses.get(errand.to().server());
        long lengthNs = before == null ? FIRST_PAUSE_NS : Math.min(2 * before.lengthNs(), LONGEST_PAUSE_NS);
        pauses.put(errand.to().server(), new Pause(lengthNs, nowNs + lengthNs));
        if (pending.remove(errand.vip(), errand)) {
            // To the end: one that is refused for ever must not keep the others of its server waiting.
            pending.put(errand.vip(), errand);
        }
        dropIdlePauses();
    }

    private void dropIdlePauses() {
        Iterator<AdminAddress> servers = pauses.keySet().iterator();
        while (servers.hasNext()) {
            AdminAddress server = servers.next();
            if (pending.values().stream()
                    .noneMatch(errand -> errand.to().server().equals(server))) {
                servers.remove();
            }
        }
    }
}
