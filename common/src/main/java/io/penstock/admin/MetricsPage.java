package io.penstock.admin;

import io.netty.buffer.ByteBufAllocator;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/**
 * {@code /metrics}: what its collectors say at the moment of each scrape, in Prometheus' text format or OpenMetrics, as
 * the scraper asks, and what this server has been asked itself. Nothing is kept between scrapes. Safe from any thread.
 */
public final class MetricsPage implements RequestListener {
    /** Of what peers invent, no series are made. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PATCH", "DELETE", "PUT", "OPTIONS");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final Counter requests = Counter.builder()
            .name("penstock_admin_requests_total")
            .help("Requests that the admin server has answered.")
            .labelNames("method", "status")
            .register(registry);

    private final Counter refused = Counter.builder()
            .name("penstock_admin_refused_total")
            .help("Peers that the admin server has not served, by its listener.")
            .labelNames("listener", "reason")
            .register(registry);

    public MetricsPage add(MultiCollector collector) {
        registry.register(collector);
        return this;
    }

    /** All series are there before anything is refused: an increase from nothing is none to Prometheus. */
    @Override
    public void onListening(List<AdminAddress> addresses) {
        for (AdminAddress address : addresses) {
            for (AdminRefusal reason : AdminRefusal.values()) {
                var unused = refused.labelValues(address.toString(), reason.label());
            }
        }
    }

    @Override
    public void onRefused(AdminAddress address, AdminRefusal reason) {
        refused.labelValues(address.toString(), reason.label()).inc();
    }

    @Override
    public void onAnswered(String method, int status) {
        requests.labelValues(METHODS.contains(method) ? method : "other", Integer.toString(status))
                .inc();
    }

    /** Answers a scrape. One at a time, others wait: it may take megabytes, and half of a core for a while. */
    public AdminResponse scrape(AdminRequest request) {
        ExpositionFormatWriter writer = formats.findWriter(request.accept());
        synchronized (this) {
            OffHeapOutput text = new OffHeapOutput(ByteBufAllocator.DEFAULT);
            boolean written = false;
            try {
                writer.write(text, registry.scrape());
                written = true;
            } catch (IOException e) {
                // Memory does not fail.
                throw new UncheckedIOException(e);
            } finally {
                if (!written) {
                    text.abandon();
                }
            }
            return AdminResponse.of(200, writer.getContentType(), text.content());
        }
    }
}
