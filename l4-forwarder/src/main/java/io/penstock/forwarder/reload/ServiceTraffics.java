package io.penstock.forwarder.reload;

import io.penstock.forwarder.control.Controller.ServiceView.Place;
import io.penstock.forwarder.flow.FlowLatencies;
import io.penstock.forwarder.flow.FlowLatencies.Step;
import io.penstock.forwarder.flow.ServiceCounts;
import io.penstock.forwarder.operate.Bytes;
import io.penstock.forwarder.operate.ServiceTraffic;
import io.penstock.forwarder.operate.ServiceTraffic.StepTimes;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.metrics.BucketCounts;
import io.penstock.metrics.LatencySnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sums up what workers count and record of one service, wherever it stands in their tables. */
final class ServiceTraffics {
    private final List<WorkerProxy> workers;
    private final List<Place> places;

    ServiceTraffics(List<WorkerProxy> workers, List<Place> places) {
        this.workers = workers;
        this.places = places;
    }

    ServiceTraffic sum(long nowNs) {
        Map<String, Long> closed = new LinkedHashMap<>();
        Bytes toBackends = Bytes.NONE;
        Bytes toClients = Bytes.NONE;
        for (Place place : places) {
            List<String> reasons = WorkerProxy.reasons(place.udp());
            for (WorkerProxy worker : workers) {
                ServiceCounts counts = worker.services();
                int index = place.index();
                for (int reason = 0; reason < reasons.size(); reason++) {
                    closed.merge(reasons.get(reason), counts.ended(index, reason), Long::sum);
                }
                toBackends = toBackends.plus(
                        new Bytes(counts.bytesToBackends(index, false), counts.bytesToBackends(index, true)));
                toClients = toClients.plus(
                        new Bytes(counts.bytesToClients(index, false), counts.bytesToClients(index, true)));
            }
        }
        return new ServiceTraffic(closed, toBackends, toClients, times(nowNs));
    }

    private Map<String, StepTimes> times(long nowNs) {
        Map<String, StepTimes> times = new LinkedHashMap<>();
        for (Step step : Step.values()) {
            times.put(step.name().toLowerCase(Locale.ROOT), times(step, nowNs));
        }
        return times;
    }

    private StepTimes times(Step step, long nowNs) {
        BucketCounts all = new BucketCounts(FlowLatencies.SCALE);
        LatencySnapshot recent = new LatencySnapshot(FlowLatencies.SCALE);
        for (Place place : places) {
            for (WorkerProxy worker : workers) {
                worker.latencies().addTo(all, place.index(), step, nowNs);
                worker.latencies().addTo(recent, place.index(), step, nowNs);
            }
        }
        return new StepTimes(all, recent);
    }
}
