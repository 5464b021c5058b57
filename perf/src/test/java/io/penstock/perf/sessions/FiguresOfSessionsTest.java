package io.penstock.perf.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FiguresOfSessionsTest {
    private static final Metrics METRICS = new Metrics("""
            # TYPE penstock_udp_ended_total counter
            penstock_udp_ended_total{reason="idle",worker="fwd-w0"} 12
            penstock_udp_ended_total{reason="idle",worker="fwd-w1"} 30.0
            penstock_udp_ended_total{reason="killed",worker="fwd-w1"} 5
            penstock_udp_sessions{worker="fwd-w0"} 7
            penstock_udp_sessions_opened_total{worker="fwd-w0"} 1000
            """);

    @Test
    void shouldAddUpWorkers() throws IOException {
        assertEquals(42, METRICS.value("penstock_udp_ended_total", "idle"));
        assertEquals(47, METRICS.value("penstock_udp_ended_total"));
        assertEquals(7, METRICS.value("penstock_udp_sessions"));
    }

    @Test
    void shouldMissAMetricThatIsNotThere() {
        assertThrows(IOException.class, () -> METRICS.value("penstock_udp_ended"));
        assertThrows(IOException.class, () -> METRICS.value("penstock_udp_ended_total", "stopped"));
    }

    @Test
    void shouldTakeTheNearestRank() {
        Seen seen = Seen.of(LongStream.rangeClosed(1, 200).map(i -> i * 1_000).toArray(), 3, 5);
        assertEquals(new Seen(200, 3, 5, 100, 198, 200), seen);
        assertEquals(203, seen.sent());
    }

    @Test
    void shouldHaveNoTimesWhenNothingWasAnswered() {
        assertTrue(Double.isNaN(Seen.of(new long[0], 3, 5).p99Us()));
    }

    @Test
    void shouldTellWhatAMillionSessionsTake() {
        assertEquals(
                "0.6 GB in the process and 3.8 GB in the kernel; 1,000,000 descriptors and some hundred, of which a process of"
                        + " this machine may have 1,048,576 (fs.nr_open, and the limit it is started with); and source"
                        + " ports, one for each session: 36 source addresses with the 28,232 ports each of this machine"
                        + " (net.ipv4.ip_local_port_range), 16 with 64,512",
                MillionSessions.text(583, 3_775, 1_048_576, 28_232));
    }
}
