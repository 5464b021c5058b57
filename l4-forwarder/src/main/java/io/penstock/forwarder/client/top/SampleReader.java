package io.penstock.forwarder.client.top;

import com.google.gson.JsonObject;
import io.penstock.cli.Words;
import io.penstock.forwarder.client.top.Sample.Backend;
import io.penstock.forwarder.client.top.Sample.Counters;
import io.penstock.forwarder.client.top.Sample.Event;
import io.penstock.forwarder.client.top.Sample.Latency;
import io.penstock.forwarder.client.top.Sample.Service;
import io.penstock.forwarder.client.top.Sample.Warning;
import io.penstock.forwarder.client.top.Sample.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a {@link Sample} from what the API answers; what an older forwarder does not say is unknown. */
public final class SampleReader {
    private static final long UNKNOWN = -1;

    /** Reasons of ends that are nobody's fault, or the client's own. */
    private static final Set<String> NO_FAILURES = Set.of(
            "completed",
            "client-reset",
            "client-timed-out",
            "client-gone",
            "idle",
            "idle-timeout",
            "lifetime",
            "drained",
            "killed",
            "stopped",
            "handed-over",
            "listener-closed",
            "denied",
            "source-connections",
            "source-rate",
            "proxy-header-invalid",
            "proxy-header-timeout",
            "evicted-one-way");

    private SampleReader() {}

    /**
     * Reads one.
     *
     * @param status the answer to {@code /v1/status}
     * @param events the last ones, oldest first
     */
    public static Sample read(JsonObject status, List<JsonObject> events, long nowNs) {
        return new Sample(
                nowNs,
                Words.text(status, "startedAt"),
                Words.text(status, "state"),
                Duration.ofMillis(Math.round(Words.decimal(status, "uptimeSeconds", 0) * 1000)),
                Words.number(status, "tableVersion", UNKNOWN),
                Words.number(status, "connections", UNKNOWN),
                Words.number(status, "sessions", UNKNOWN),
                Words.number(status, "sessionLimit", UNKNOWN),
                warnings(status),
                Words.objects(status, "services").stream()
                        .map(SampleReader::service)
                        .toList(),
                Words.objects(status, "pools").stream()
                        .flatMap(pool -> Words.objects(pool, "backends").stream()
                                .map(backend -> backend(Words.text(pool, "name"), backend)))
                        .toList(),
                Words.objects(status, "workersDetail").stream()
                        .map(SampleReader::worker)
                        .toList(),
                events.stream().map(SampleReader::event).toList());
    }

    private static List<Warning> warnings(JsonObject status) {
        List<Warning> warnings = new ArrayList<>();
        JsonObject reload = Words.object(status, "lastReload");
        if (!Words.flag(reload, "applied", true)) {
            warnings.add(new Warning(
                    true,
                    "file REFUSED " + Words.ago(reload, "at") + " ago, the one before it runs: "
                            + some(Words.texts(reload, "problems"))));
        }
        for (JsonObject pool : Words.objects(status, "pools")) {
            long queued = Words.number(pool, "queued", 0);
            if (queued > 0) {
                warnings.add(new Warning(
                        true, "pool " + Words.text(pool, "name") + ": " + queued + " connections wait for room"));
            }
        }
        for (JsonObject drain : Words.objects(status, "drains")) {
            if (Words.text(drain, "state").equals("running")) {
                warnings.add(new Warning(
                        false,
                        "draining " + Words.text(drain, "target") + ": " + Words.number(drain, "left", 0) + " left of "
                                + Words.number(drain, "atStart", 0)));
            }
        }
        warn(warnings, "differs from the file: ", Words.texts(status, "differences"));
        warn(warnings, "takes a restart: ", Words.texts(reload, "needRestart"));
        return warnings;
    }

    private static void warn(List<Warning> warnings, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            warnings.add(new Warning(false, title + some(lines)));
        }
    }

    private static String some(List<String> lines) {
        String first = lines.isEmpty() ? "no reason given" : lines.get(0);
        return lines.size() < 2 ? first : first + " (and " + (lines.size() - 1) + " more)";
    }

    private static Service service(JsonObject service) {
        JsonObject counters = Words.object(service, "counters");
        JsonObject latency = Words.object(service, "latency");
        return new Service(
                Words.text(service, "name"),
                Words.text(service, "protocol"),
                String.join(" ", Words.texts(service, "listen")),
                Words.text(service, "pool"),
                Words.flag(service, "enabled", true),
                Words.number(service, "connections", 0) + Words.number(service, "sessions", 0),
                new Counters(
                        Words.number(service, "accepted", UNKNOWN),
                        failures(Words.object(counters, "closed")),
                        Words.number(counters, "bytesToBackends", UNKNOWN),
                        Words.number(counters, "bytesToClients", UNKNOWN)),
                latency(Words.object(latency, "connect")),
                latency(Words.object(latency, "firstByte")));
    }

    private static long failures(JsonObject closed) {
        return closed.isEmpty()
                ? UNKNOWN
                : closed.keySet().stream()
                        .filter(reason -> !NO_FAILURES.contains(reason.replace('_', '-')))
                        .mapToLong(reason -> Words.number(closed, reason, 0))
                        .sum();
    }

    private static Backend backend(String pool, JsonObject backend) {
        JsonObject counters = Words.object(backend, "counters");
        JsonObject latency = Words.object(backend, "latency");
        return new Backend(
                pool,
                Words.text(backend, "id"),
                Words.text(backend, "address"),
                Words.text(backend, "state"),
                Words.text(backend, "reason"),
                Words.instant(Words.text(backend, "since")),
                Words.number(backend, "weight", UNKNOWN),
                Words.number(backend, "open", UNKNOWN),
                Words.number(backend, "pending", UNKNOWN),
                new Counters(
                        Words.number(counters, "connections", UNKNOWN),
                        failuresOfBackend(counters),
                        Words.number(counters, "bytesToBackend", UNKNOWN),
                        Words.number(counters, "bytesToClient", UNKNOWN)),
                latency(Words.object(latency, "connect")),
                latency(Words.object(latency, "firstByte")));
    }

    /** Connects that failed, and connections that did after they were established. */
    private static long failuresOfBackend(JsonObject counters) {
        long connects = Words.number(counters, "connectFailures", UNKNOWN);
        long others = Words.number(counters, "failures", UNKNOWN);
        if (connects < 0 || others < 0) {
            return Math.max(connects, others);
        }
        return connects + others;
    }

    private static Worker worker(JsonObject worker) {
        return new Worker(
                Words.text(worker, "name"),
                Words.number(worker, "connections", UNKNOWN),
                Words.number(worker, "sessions", UNKNOWN),
                Words.number(worker, "turns", UNKNOWN),
                Words.number(worker, "pipes", UNKNOWN),
                latency(Words.object(worker, "lateness")));
    }

    private static Event event(JsonObject event) {
        return new Event(
                Words.text(event, "at"),
                Words.text(event, "type"),
                Words.text(event, "subject"),
                Words.text(event, "level"),
                Words.text(event, "text"));
    }

    /** A forwarder that measured nothing lately says a count of 0. */
    private static Latency latency(JsonObject latency) {
        if (Words.number(latency, "count", 1) == 0) {
            return Latency.NONE;
        }
        return new Latency(
                Words.decimal(latency, "p50Ms", Double.NaN),
                Words.decimal(latency, "p99Ms", Double.NaN),
                Words.decimal(latency, "maxMs", Double.NaN));
    }
}
