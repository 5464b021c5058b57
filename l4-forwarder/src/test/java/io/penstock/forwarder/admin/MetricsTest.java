package io.penstock.forwarder.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.ProcessMetrics;
import io.penstock.forwarder.flow.FlowObserver;
import io.penstock.forwarder.flow.Measuring;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.tcp.TcpCounter;
import io.penstock.forwarder.tcp.TcpGauge;
import io.penstock.forwarder.udp.SessionLimit;
import io.penstock.forwarder.udp.UdpCounter;
import io.penstock.forwarder.worker.Worker;
import io.penstock.forwarder.worker.WorkerCounter;
import io.penstock.linux.LinuxSyscalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MetricsTest {
    private static final Pattern SAMPLE = Pattern.compile("penstock_[a-z0-9_]+(\\{[^}]*})? [0-9.E+-]+");

    private final FakeOperations operations = new FakeOperations();
    private Worker worker;
    private MetricsPage page;

    @BeforeEach
    void build() {
        worker = new Worker(
                "fwd-w0", new LinuxSyscalls(), new TablePublication(new ForwardingTable(1, List.of())), true);
        page = new MetricsPage()
                .add(new WorkerMetrics(List.of(worker.proxy())))
                .add(new StatusMetrics(operations::status));
        page.onAnswered("GET", 200);
        page.onAnswered("BREW", 405);
    }

    @AfterEach
    void abandon() {
        worker.abandon();
    }

    private String scrape(String accept) {
        return scrape(page, accept);
    }

    private static String scrape(MetricsPage page, String accept) {
        AdminResponse response =
                page.scrape(new AdminRequest("GET", Map.of(), Map.of(), accept, OptionalLong.empty(), ""));
        assertEquals(200, response.status());
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldShowEveryCounterOfEveryWorker() {
        String text = scrape("");
        for (TcpCounter counter : TcpCounter.values()) {
            String name = counter.name().toLowerCase(Locale.ROOT);
            shows(
                    text,
                    name.startsWith("closed_")
                            ? "tcp_closed_total{reason=\"" + name.substring(7) + "\",worker=\"fwd-w0\"}"
                            : ofAll("tcp", name));
        }
        for (UdpCounter counter : UdpCounter.values()) {
            String name = counter.name().toLowerCase(Locale.ROOT);
            shows(
                    text,
                    name.startsWith("ended_")
                            ? "udp_ended_total{reason=\"" + name.substring(6) + "\",worker=\"fwd-w0\"}"
                            : name.startsWith("evicted_")
                                    ? "udp_ended_total{reason=\"" + name + "\",worker=\"fwd-w0\"}"
                                    : name.startsWith("refused_")
                                            ? "udp_refused_total{reason=\"" + name.substring(8)
                                                    + "\",worker=\"fwd-w0\"}"
                                            : ofAll("udp", name));
        }
        shows(text, "tcp_connections{worker=\"fwd-w0\"}");
        shows(text, "udp_sessions{worker=\"fwd-w0\"}");
        for (TcpGauge gauge : TcpGauge.values()) {
            String name = gauge.name().toLowerCase(Locale.ROOT).replace("_percent", "_ratio");
            shows(text, "tcp_" + name + "{worker=\"fwd-w0\"}");
        }
        for (WorkerCounter counter : WorkerCounter.values()) {
            String name = counter.name().toLowerCase(Locale.ROOT);
            assertTrue(text.contains("penstock_worker_" + name + "_total{worker=\"fwd-w0\"}"), text);
        }
    }

    private static String ofAll(String protocol, String name) {
        String unit = name.startsWith("bytes_") ? name.substring(6) + "_bytes" : name;
        return protocol + "_" + unit + "_total{worker=\"fwd-w0\"}";
    }

    private static void shows(String text, String sample) {
        assertTrue(text.contains("penstock_" + sample + " 0.0\n"), () -> sample + "\n" + text);
    }

    @Test
    void shouldShowWhatTheStatusSays() {
        String text = scrape("");
        for (String sample : List.of(
                "penstock_ready 1.0",
                "penstock_reloads_total{result=\"applied\"} 4.0",
                "penstock_reloads_total{result=\"refused\"} 1.0",
                "penstock_last_reload_successful 1.0",
                "penstock_settings_awaiting_restart 1.0",
                "penstock_differences_from_file 1.0",
                "penstock_table_version 7.0",
                "penstock_service_accepted_total{service=\"web\"} 1000.0",
                "penstock_service_connections{service=\"web\"} 3.0",
                "penstock_service_sessions{service=\"dns\"} 12.0",
                "penstock_service_closed_total{reason=\"client_reset\",service=\"web\"} 7.0",
                "penstock_service_bytes_total{direction=\"to-client\",path=\"splice\",service=\"web\"} 300000.0",
                "penstock_service_bytes_total{direction=\"to-backend\",path=\"copy\",service=\"web\"} 1000.0",
                "penstock_service_connect_seconds_bucket{service=\"web\",le=\"6.4E-5\"} 1",
                "penstock_service_connect_seconds_bucket{service=\"web\",le=\"2.56E-4\"} 2",
                "penstock_service_connect_seconds_bucket{service=\"web\",le=\"+Inf\"} 2",
                "penstock_service_connect_seconds_sum{service=\"web\"} 2.5E-4",
                "penstock_service_connect_seconds_count{service=\"web\"} 2",
                "penstock_pool_queue_waits_total{pool=\"web\"} 6.0",
                "penstock_pool_queue_wait_seconds_total{pool=\"web\"} 1.25",
                "penstock_pool_places_refused_total{pool=\"web\"} 9.0",
                "penstock_pool_retries_total{pool=\"web\"} 4.0",
                "penstock_backend_established_total{backend=\"web-1\",pool=\"web\"} 700.0",
                "penstock_backend_connect_failures_total{backend=\"web-1\",pool=\"web\"} 5.0",
                "penstock_backend_ended_total{backend=\"web-1\",outcome=\"backend_reset\",pool=\"web\"} 2.0",
                "penstock_backend_bytes_total{backend=\"web-1\",direction=\"to-client\",path=\"splice\",pool=\"web\"} 200000.0",
                "penstock_backend_first_byte_seconds_bucket{backend=\"web-1\",pool=\"web\",le=\"1.28E-4\"} 2",
                "penstock_backend_rtt_seconds_bucket{backend=\"web-1\",pool=\"web\",le=\"2.56E-4\"} 0",
                "penstock_backend_rtt_seconds_bucket{backend=\"web-1\",pool=\"web\",le=\"0.001024\"} 1",
                "penstock_backend_delivery_rate_bytes_per_second_sum{backend=\"web-1\",pool=\"web\"} 100000.0",
                "penstock_backend_retransmitted_ratio_bucket{backend=\"web-1\",pool=\"web\",le=\"0.00390625\"} 1",
                "penstock_backend_first_byte_seconds_count{backend=\"web-1\",pool=\"web\"} 3",
                "penstock_udp_sessions_limit 15000.0",
                "penstock_pool_queued{pool=\"web\"} 5.0",
                "penstock_backend_state{backend=\"web-1\",pool=\"web\",state=\"up\"} 1.0",
                "penstock_backend_connections{backend=\"web-1\",pool=\"web\"} 3.0",
                "penstock_backend_source_ports_left{backend=\"web-1\",pool=\"web\",source=\"10.0.0.8\"} 28231.0",
                "penstock_backend_source_ports_left{backend=\"web-1\",pool=\"web\",source=\"10.0.0.9\"} 28230.0",
                "penstock_drain_connections_left{target=\"backend web/web-2\"} 50.0",
                "penstock_admin_requests_total{method=\"other\",status=\"405\"} 1.0")) {
            assertTrue(text.lines().anyMatch(sample::equals), () -> sample + "\n" + text);
        }
    }

    /** Prometheus' own rules where its tool is installed: help for all, units and suffixes as it wants them. */
    @Test
    void shouldKeepTheRulesOfPrometheus() throws Exception {
        String text = scrape("text/plain;version=0.0.4");
        assertTrue(
                text.lines()
                        .allMatch(line -> line.startsWith("# HELP penstock_")
                                || line.startsWith("# TYPE penstock_")
                                || SAMPLE.matcher(line).matches()),
                text);
        assertEquals(
                text.lines().filter(line -> line.startsWith("# HELP")).count(),
                text.lines().filter(line -> line.startsWith("# TYPE")).count());
        try {
            Process promtool = new ProcessBuilder("promtool", "check", "metrics")
                    .redirectErrorStream(true)
                    .start();
            try (var in = promtool.getOutputStream()) {
                in.write(text.getBytes(StandardCharsets.UTF_8));
            }
            String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, promtool.waitFor(), said);
            assertEquals("", said);
        } catch (IOException notInstalled) {
            assertTrue(notInstalled.getMessage().contains("Cannot run program"), notInstalled.getMessage());
        }
    }

    @Test
    void shouldTellOfTheProcessByTheNamesThatPrometheusHasForThat() {
        MetricsPage process = new MetricsPage().add(new ProcessMetrics());
        String text = scrape(process, "");
        for (String name : List.of(
                "process_cpu_seconds_total",
                "process_open_fds",
                "process_max_fds",
                "process_resident_memory_bytes",
                "process_start_time_seconds",
                "jvm_gc_collections_total{gc=",
                "jvm_gc_collection_time_seconds_total{gc=",
                "jvm_memory_pool_used_bytes{area=\"heap\",pool=")) {
            assertTrue(text.lines().anyMatch(line -> line.startsWith(name)), () -> name + "\n" + text);
        }
    }

    @Test
    void shouldShowHowLateLoopsAreWhereThatIsMeasured() {
        assertFalse(scrape("").contains("lateness"));
        Worker measuring = new Worker(
                "fwd-w1",
                new LinuxSyscalls(),
                new TablePublication(new ForwardingTable(1, List.of())),
                true,
                new SessionLimit(1),
                FlowObserver.NONE,
                new Measuring(true, Measuring.NEVER));
        measuring.proxy().lateness().record(20_000);
        String text = scrape(new MetricsPage().add(new WorkerMetrics(List.of(measuring.proxy()))), "");
        measuring.abandon();
        for (String sample : List.of(
                "_bucket{worker=\"fwd-w1\",le=\"1.6E-5\"} 0",
                "_bucket{worker=\"fwd-w1\",le=\"3.2E-5\"} 1",
                "_bucket{worker=\"fwd-w1\",le=\"+Inf\"} 1",
                "_count{worker=\"fwd-w1\"} 1",
                "_sum{worker=\"fwd-w1\"} 2.0E-5")) {
            assertTrue(
                    text.contains("\npenstock_worker_loop_lateness_seconds" + sample + "\n"),
                    () -> sample + "\n" + text);
        }
    }

    @Test
    void shouldSpeakOpenMetricsWhenAsked() {
        String text = scrape("application/openmetrics-text;version=1.0.0");
        assertTrue(text.endsWith("# EOF\n"), text);
    }
}
