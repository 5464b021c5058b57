package io.penstock.forwarder.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.forwarder.tcp.TcpGauge;
import io.penstock.forwarder.worker.WorkerCounter;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.metrics.LatencyRecorder;
import io.penstock.metrics.LatencySnapshot;
import java.util.List;

/** Each worker as the API has it; read without stopping any. */
final class WorkersJson {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MEDIAN = 50;
    private static final double NEARLY_ALL = 99;

    private WorkersJson() {}

    static JsonArray of(List<WorkerProxy> workers) {
        JsonArray json = new JsonArray();
        workers.forEach(worker -> json.add(of(worker)));
        return json;
    }

    private static JsonObject of(WorkerProxy worker) {
        JsonObject json = new JsonObject();
        json.addProperty("name", worker.name());
        json.addProperty("connections", worker.openConnections());
        json.addProperty("sessions", worker.openSessions());
        json.addProperty("turns", worker.counters().value(WorkerCounter.TURNS));
        json.addProperty("events", worker.counters().value(WorkerCounter.EVENTS));
        json.addProperty("pipes", worker.tcpGauges().value(TcpGauge.PIPES_IN_USE));
        json.addProperty("acceptQueue", worker.tcpGauges().value(TcpGauge.ACCEPT_QUEUE));
        if (worker.lateness() != null) {
            json.add("lateness", of(worker.lateness()));
        }
        return json;
    }

    private static JsonObject of(LatencyRecorder recorder) {
        LatencySnapshot recent = new LatencySnapshot(recorder.scale());
        recorder.addTo(recent, System.nanoTime());
        JsonObject json = new JsonObject();
        json.addProperty("count", recent.count());
        if (recent.count() > 0) {
            json.addProperty("p50Ms", recent.percentileNs(MEDIAN) / NANOS_PER_MILLI);
            json.addProperty("p99Ms", recent.percentileNs(NEARLY_ALL) / NANOS_PER_MILLI);
            json.addProperty("maxMs", recent.maxNs() / NANOS_PER_MILLI);
        }
        return json;
    }
}
