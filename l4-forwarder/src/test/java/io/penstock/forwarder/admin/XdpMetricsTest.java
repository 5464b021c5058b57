package io.penstock.forwarder.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.AdminRequest;
import io.penstock.admin.MetricsPage;
import io.penstock.forwarder.xdp.PlaneCounter;
import io.penstock.forwarder.xdp.PlaneFigures;
import io.penstock.forwarder.xdp.PlaneStatus;
import io.penstock.forwarder.xdp.PlaneView;
import io.penstock.net.IpAddress;
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
                "penstock_xdp_packets_total{address=\"10.0.0.53\",backend=\"dns-1\",pool=\"dns-pool\",service=\"dns\"} 1000.0",
                "penstock_xdp_bytes_total{address=\"10.0.0.53\",backend=\"dns-1\",pool=\"dns-pool\",service=\"dns\"} 64000.0",
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
    void shouldShowABackendThatIsAtAnotherAddressNowTwice() {
        FakePlane before = new FakePlane();
        PlaneStatus.Backend was = before.status().backends().get(0);
        PlaneStatus.Backend now = new PlaneStatus.Backend(
                5,
                was.service(),
                was.pool(),
                was.name(),
                IpAddress.parse("10.0.0.54").orElseThrow(),
                was.encapsulation(),
                "up",
                2,
                "");
        PlaneView both = both(before, was, now);

        String text = scrape(() -> Optional.of(both));

        for (String sample : List.of("{address=\"10.0.0.53\",", "{address=\"10.0.0.54\",")) {
            assertTrue(text.contains("penstock_xdp_packets_total" + sample), text);
        }
    }

    /** A number that goes to another while packets still come by the one before, or whose name is lost. */
    @Test
    void shouldAddUpTheNumbersOfOneBackend() {
        FakePlane before = new FakePlane();
        PlaneStatus.Backend was = before.status().backends().get(0);
        PlaneStatus.Backend again = new PlaneStatus.Backend(
                5,
                was.service(),
                was.pool(),
                was.name(),
                was.address(),
                was.encapsulation(),
                "up",
                2,
                "02:00:00:00:00:01");

        String text = scrape(() -> Optional.of(both(before, was, again)));

        String labels = "{address=\"10.0.0.53\",backend=\"dns-1\",pool=\"dns-pool\",service=\"dns\"}";
        assertTrue(text.contains("penstock_xdp_packets_total" + labels + " 1003.0\n"), text);
        assertTrue(text.contains("penstock_xdp_bytes_total" + labels + " 64180.0\n"), text);
        assertEquals(
                1,
                text.lines()
                        .filter(line -> line.startsWith("penstock_xdp_packets_total"))
                        .count(),
                text);
    }

    /** The second has the number 5, and 3 packets of 60 octets. */
    private static PlaneView both(FakePlane before, PlaneStatus.Backend first, PlaneStatus.Backend second) {
        return new PlaneView() {
            @Override
            public PlaneStatus status() {
                PlaneStatus one = before.status();
                return new PlaneStatus(
                        one.name(),
                        one.version(),
                        one.rings(),
                        one.leaseUntilNs(),
                        one.interfaces(),
                        one.services(),
                        List.of(first, second),
                        one.troubles());
            }

            @Override
            public PlaneFigures figures() {
                PlaneFigures one = before.figures();
                PlaneFigures.Volume volume = new PlaneFigures.Volume(3, 180);
                return new PlaneFigures(one.counters(), Map.of(4, one.backends().get(4), 5, volume), one.ringFills());
            }
        };
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
