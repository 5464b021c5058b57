package io.penstock.perf.lab;

import io.penstock.net.IpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Whether each source reached one backend, through whichever forwarders. NOT thread safe. */
public final class SourceAffinity implements Consumer<Outcome> {
    private final Map<IpAddress, Seen> seen = new HashMap<>();

    private static final class Seen {
        final Set<String> backends = new HashSet<>();
        final Set<String> forwarders = new HashSet<>();
    }

    @Override
    public void accept(Outcome outcome) {
        outcome.answer().ifPresent(answer -> {
            Seen of = seen.computeIfAbsent(outcome.source(), source -> new Seen());
            of.backends.add(answer.backend());
            of.forwarders.add(answer.forwarder());
        });
    }

    /** Sources that were served. */
    public int sources() {
        return seen.size();
    }

    /** Those of them that came through more than one forwarder, without which their affinity says little. */
    public int throughSeveral() {
        return (int)
                seen.values().stream().filter(of -> of.forwarders.size() > 1).count();
    }

    /** Sources that reached more than one backend. */
    public int strayed() {
        return (int) seen.values().stream().filter(of -> of.backends.size() > 1).count();
    }
}
