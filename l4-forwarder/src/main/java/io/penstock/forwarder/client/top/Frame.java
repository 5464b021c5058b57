package io.penstock.forwarder.client.top;

import io.penstock.forwarder.client.top.Sample.Backend;
import io.penstock.forwarder.client.top.Sample.Counters;
import io.penstock.forwarder.client.top.Sample.Service;
import io.penstock.forwarder.client.top.Sample.Worker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A sample, and how fast things went since the one before it. */
final class Frame {
    private static final double NS_PER_SECOND = 1e9;

    private final Sample now;
    private final Map<String, Rates> services;
    private final Map<String, Rates> backends;
    private final Map<String, Double> turns = new HashMap<>();

    private Frame(Sample now, Map<String, Rates> services, Map<String, Rates> backends) {
        this.now = now;
        this.services = services;
        this.backends = backends;
    }

    /** Without rates: there is nothing to compare with. */
    static Frame first(Sample now) {
        return new Frame(now, Map.of(), Map.of());
    }

    /** Without rates when the two are of different processes. */
    static Frame between(Sample before, Sample now) {
        double seconds = (now.atNs() - before.atNs()) / NS_PER_SECOND;
        if (!before.startedAt().equals(now.startedAt()) || seconds <= 0) {
            return first(now);
        }
        Frame frame = new Frame(
                now,
                rates(before.services(), now.services(), Service::name, Service::counters, seconds),
                rates(before.backends(), now.backends(), Backend::name, Backend::counters, seconds));
        Map<String, Long> turnsBefore = new HashMap<>();
        before.workers().forEach(worker -> turnsBefore.put(worker.name(), worker.turns()));
        now.workers().forEach(worker -> {
            Long turns = turnsBefore.get(worker.name());
            if (turns != null && turns >= 0 && worker.turns() >= turns) {
                frame.turns.put(worker.name(), (worker.turns() - turns) / seconds);
            }
        });
        return frame;
    }

    private static <T> Map<String, Rates> rates(
            List<T> before, List<T> now, Function<T, String> name, Function<T, Counters> counters, double seconds) {
        Map<String, Counters> known = new HashMap<>();
        before.forEach(each -> known.put(name.apply(each), counters.apply(each)));
        Map<String, Rates> rates = new HashMap<>();
        for (T each : now) {
            Counters counted = known.get(name.apply(each));
            if (counted != null) {
                rates.put(name.apply(each), Rates.between(counted, counters.apply(each), seconds));
            }
        }
        return rates;
    }

    Sample sample() {
        return now;
    }

    Rates rates(Service service) {
        return services.getOrDefault(service.name(), Rates.UNKNOWN);
    }

    Rates rates(Backend backend) {
        return backends.getOrDefault(backend.name(), Rates.UNKNOWN);
    }

    /** Turns of its loop, per second; NaN when unknown. */
    double turns(Worker worker) {
        return turns.getOrDefault(worker.name(), Double.NaN);
    }

    /** Of all services together. */
    Rates total() {
        return services.values().stream().reduce(Rates.UNKNOWN, Rates::plus);
    }
}
