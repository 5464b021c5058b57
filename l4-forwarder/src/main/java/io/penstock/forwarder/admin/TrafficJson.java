package io.penstock.forwarder.admin;

import com.google.gson.JsonObject;
import io.penstock.forwarder.operate.ForwarderStatus.ServiceStatus;
import io.penstock.forwarder.operate.MemberTraffic;
import io.penstock.forwarder.operate.MemberTraffic.StepCounts;
import io.penstock.forwarder.operate.PoolTraffic;
import io.penstock.forwarder.operate.ServiceTraffic.StepTimes;
import io.penstock.metrics.BucketCounts;
import io.penstock.metrics.LatencySnapshot;
import java.util.Map;

/** What was carried, as {@code counters}, and how long it took of late, as {@code latency}, of what has a status. */
final class TrafficJson {
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MICROS_PER_MILLI = 1e3;

    private TrafficJson() {}

    static void add(JsonObject json, ServiceStatus service) {
        JsonObject counters = new JsonObject();
        counters.addProperty("accepted", service.accepted());
        JsonObject closed = new JsonObject();
        service.traffic().closed().forEach(closed::addProperty);
        counters.add("closed", closed);
        counters.addProperty("bytesToBackends", service.traffic().toBackends().all());
        counters.addProperty("bytesToClients", service.traffic().toClients().all());
        counters.addProperty("splicedToBackends", service.traffic().toBackends().spliced());
        counters.addProperty("splicedToClients", service.traffic().toClients().spliced());
        json.add("counters", counters);
        JsonObject latency = new JsonObject();
        Map<String, StepTimes> times = service.traffic().times();
        times.forEach((step, time) -> latency.add(name(step), of(time.recent())));
        json.add("latency", latency);
    }

    static void add(JsonObject json, PoolTraffic pool) {
        JsonObject counters = new JsonObject();
        counters.addProperty("queueWaits", pool.waits());
        counters.addProperty("queueWaitSeconds", Values.seconds(pool.waited()));
        counters.addProperty("placesRefused", pool.placesRefused());
        counters.addProperty("retries", pool.retries());
        json.add("counters", counters);
    }

    static void add(JsonObject json, MemberTraffic backend) {
        JsonObject counters = new JsonObject();
        counters.addProperty("connections", backend.connections());
        counters.addProperty("connectFailures", backend.connectFailures());
        counters.addProperty("failures", backend.failures());
        JsonObject ended = new JsonObject();
        backend.ended().forEach(ended::addProperty);
        counters.add("ended", ended);
        counters.addProperty("bytesToBackend", backend.toBackend().all());
        counters.addProperty("bytesToClient", backend.toClients().all());
        json.add("counters", counters);
        JsonObject latency = new JsonObject();
        Map<String, StepCounts> times = backend.times();
        times.forEach((step, time) -> latency.add(name(step), of(time.recent())));
        json.add("latency", latency);
    }

    /** {@code first_byte} is {@code firstByte} here. */
    private static String name(String step) {
        int underscore = step.indexOf('_');
        return underscore < 0
                ? step
                : step.substring(0, underscore)
                        + Character.toUpperCase(step.charAt(underscore + 1))
                        + step.substring(underscore + 2);
    }

    private static JsonObject of(LatencySnapshot recent) {
        JsonObject json = new JsonObject();
        json.addProperty("count", recent.count());
        json.addProperty("p50Ms", millis(recent.percentileNs(50)));
        json.addProperty("p99Ms", millis(recent.percentileNs(99)));
        json.addProperty("maxMs", millis(recent.maxNs()));
        return json;
    }

    private static double millis(long ns) {
        return rounded(ns / NANOS_PER_MILLI);
    }

    /** By bounds of buckets: each is at most four times too much. */
    private static JsonObject of(BucketCounts recent) {
        JsonObject json = new JsonObject();
        json.addProperty("count", recent.count());
        json.addProperty("p50Ms", rounded(recent.quantileBound(0.5) * MILLIS_PER_SECOND));
        json.addProperty("p99Ms", rounded(recent.quantileBound(0.99) * MILLIS_PER_SECOND));
        return json;
    }

    private static double rounded(double millis) {
        return Math.round(millis * MICROS_PER_MILLI) / MICROS_PER_MILLI;
    }
}
