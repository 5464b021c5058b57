package io.penstock.forwarder.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.AdminRequest;
import io.penstock.admin.MetricsPage;
import io.penstock.forwarder.xdp.PlaneCounter;
import io.penstock.forwarder.xdp.PlaneView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class XdpMetricsTest {
    @Test
    void shouldShowWhatThePlaneSays() {
        String text = scrape(() -> Optional.of(new FakePlane()));

        for (String sample : List.of(
                "penstock_xdp_packets_total{backend=\"dns-1\",pool=\"dns-pool\",service=\"dns\"} 1000.0",
                "penstock_xdp_bytes_total{backend=\"dns-1\",pool=\"dns-pool\",service=\"dns\"} 64000.0",
                "penstock_xdp_attached{interface=\"eth0\",mode=\"native\"} 1.0",
                "penstock_xdp_attached{interface=\"eth1\",mode=\"none\"} 0.0",
                "penstock_xdp_window_open{service=\"dns\"} 1.0",
                "penstock_xdp_backends_without_next_hop 1.0",
                "penstock_xdp_rings 2.0",
                "penstock_xdp_troubles 1.0",
                "penstock_xdp_ring_fill_seconds_count 1")) {
            assertTrue(text.contains(sample + "\n"), () -> sample + "\n" + text);
        }
        assertTrue(text.contains("penstock_xdp_lease_seconds 3"), text);
    }

    @Test
    void shouldShowEveryCounterByItsReason() {
        String text = scrape(() -> Optional.of(new FakePlane()));

        long count = 100;
        for (PlaneCounter counter : PlaneCounter.values()) {
            String sample = "penstock_xdp_outcomes_total{reason=\"" + counter.label() + "\"} " + (double) count + "\n";
            assertEquals(counter != PlaneCounter.FORWARDED, text.contains(sample), sample);
            count++;
        }
    }

    @Test
    void shouldShowNothingWithoutAPlane() {
        assertFalse(scrape(Optional::empty).contains("xdp"));
    }

    private static String scrape(Supplier<Optional<PlaneView>> plane) {
        return new String(
                new MetricsPage()
                        .add(new XdpMetrics(plane))
                        .scrape(new AdminRequest("GET", Map.of(), Map.of(), "", OptionalLong.empty(), ""))
                        .body(),
                StandardCharsets.UTF_8);
    }
}
