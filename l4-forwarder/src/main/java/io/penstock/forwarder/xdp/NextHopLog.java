package io.penstock.forwarder.xdp;

import io.penstock.forwarder.table.Encapsulation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells of backends that packets cannot get to, once that has lasted, and when they can again. {@code fwd-xdp}'s alone. */
final class NextHopLog {
    /** A first answer takes a moment. */
    private static final long PATIENCE_NS = 1_000_000_000L;

    private final PlaneLog log;
    private final Map<Integer, Trouble> troubles = new HashMap<>();

    private static final class Trouble {
        private final long sinceNs;
        private boolean told;

        private Trouble(long sinceNs) {
            this.sinceNs = sinceNs;
        }
    }

    NextHopLog(PlaneLog log) {
        this.log = log;
    }

    /** Looks at all backends, and says in words which cannot be reached. */
    List<String> look(Map<Integer, Real> reals, Map<Integer, RealKey> names, NextHops kernel, long nowNs) {
        troubles.keySet().retainAll(reals.keySet());
        List<String> texts = new ArrayList<>();
        reals.forEach((id, real) -> {
            RealKey key = names.getOrDefault(id, RealKey.nameless(id, real.address()));
            Optional<String> why = kernel.trouble(real.address(), real.encapsulation() == Encapsulation.L2);
            if (why.isPresent()) {
                onTrouble(id, key, why.get(), nowNs);
                texts.add("backend " + key + ": " + why.get());
            } else {
                onWay(id, key, real, kernel);
            }
        });
        return texts;
    }

    private void onTrouble(int id, RealKey key, String why, long nowNs) {
        Trouble trouble = troubles.computeIfAbsent(id, unused -> new Trouble(nowNs));
        if (!trouble.told && nowNs - trouble.sinceNs >= PATIENCE_NS) {
            trouble.told = true;
            log.nextHopLost(key.toString(), why);
        }
    }

    private void onWay(int id, RealKey key, Real real, NextHops kernel) {
        Trouble before = troubles.remove(id);
        if (before != null && before.told) {
            log.nextHopFound(
                    key.toString(),
                    real.path().nextHop() + " by " + kernel.linkName(real.path().link()));
        }
    }
}
