package io.penstock.forwarder.admin;

import io.penstock.admin.MetricFamilies;
import io.penstock.forwarder.xdp.PlaneCounter;
import io.penstock.forwarder.xdp.PlaneFigures;
import io.penstock.forwarder.xdp.PlaneFigures.Volume;
import io.penstock.forwarder.xdp.PlaneStatus;
import io.penstock.forwarder.xdp.PlaneView;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The data plane of packets, where there is one: what its program counted since its maps were made, and how it is. */
final class XdpMetrics implements MultiCollector {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String SERVICE = "service";

    private final Supplier<Optional<PlaneView>> plane;

    XdpMetrics(Supplier<Optional<PlaneView>> plane) {
        this.plane = plane;
    }

    @Override
    public MetricSnapshots collect() {
        MetricFamilies families = new MetricFamilies();
        plane.get().ifPresent(view -> {
            PlaneFigures figures = view.figures();
            PlaneStatus status = view.status();
            counters(families, figures);
            backends(families, status, figures);
            state(families, status);
            families.histogram(
                    "penstock_xdp_ring_fill_seconds",
                    "Time to fill a ring, of which each change of a service makes a new one.",
                    Labels.EMPTY,
                    figures.ringFills());
        });
        return families.build();
    }

    private static void counters(MetricFamilies families, PlaneFigures figures) {
        figures.counters().forEach((counter, count) -> {
            // What was forwarded is counted by backend.
            if (counter != PlaneCounter.FORWARDED) {
                families.counter(
                        "penstock_xdp_outcomes",
                        "Packets by the way that they took through the program, or were not forwarded for.",
                        Labels.of("reason", counter.label()),
                        count);
            }
        });
    }

    private static void backends(MetricFamilies families, PlaneStatus status, PlaneFigures figures) {
        long without = 0;
        // A page with two samples of the same labels is refused whole by who scrapes it.
        Map<Labels, Volume> volumes = new LinkedHashMap<>();
        for (PlaneStatus.Backend backend : status.backends()) {
            without += backend.nextHop().isEmpty() ? 1 : 0;
            Volume volume = figures.backends().get(backend.id());
            if (volume != null) {
                volumes.merge(labels(backend), volume, Volume::plus);
            }
        }
        volumes.forEach((labels, volume) -> {
            families.counter("penstock_xdp_packets", "Packets sent to backends.", labels, volume.packets());
            families.counter("penstock_xdp_bytes", "IP octets of these, without tunnels.", labels, volume.octets());
        });
        families.gauge(
                "penstock_xdp_backends_without_next_hop",
                "Backends that packets cannot be sent to, as nobody answers for their address.",
                Labels.EMPTY,
                without);
    }

    /** A backend that is at another address now is there twice while packets go to where it was. */
    private static Labels labels(PlaneStatus.Backend backend) {
        return Labels.of(
                SERVICE,
                backend.service(),
                "pool",
                backend.pool(),
                "backend",
                backend.name(),
                "address",
                backend.address().toString());
    }

    private static void state(MetricFamilies families, PlaneStatus status) {
        long nowNs = System.nanoTime();
        for (PlaneStatus.Service service : status.services()) {
            families.gauge(
                    "penstock_xdp_window_open",
                    "1 while the ring before the last change counts too.",
                    Labels.of(SERVICE, service.name()),
                    service.windowEndNs() != 0 && service.windowEndNs() - nowNs > 0 ? 1 : 0);
        }
        for (PlaneStatus.Interface each : status.interfaces()) {
            families.gauge(
                    "penstock_xdp_attached",
                    "1 while the program runs at an interface, by mode: native or generic.",
                    Labels.of("interface", each.name(), "mode", each.mode()),
                    each.isAttached() ? 1 : 0);
        }
        families.gauge(
                "penstock_xdp_lease_seconds",
                "How long the lease lasts that says that health is looked at; 0 when it is over.",
                Labels.EMPTY,
                Math.max(0, status.leaseLeftNs(nowNs)) / NANOS_PER_SECOND);
        families.gauge("penstock_xdp_rings", "Rings in the maps.", Labels.EMPTY, status.rings());
        families.gauge(
                "penstock_xdp_troubles",
                "What the data plane cannot do as it is told; /v1/xdp has the words.",
                Labels.EMPTY,
                status.troubles().size());
    }
}
