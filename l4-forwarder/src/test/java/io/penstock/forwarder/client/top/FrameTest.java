package io.penstock.forwarder.client.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.client.top.Sample.Backend;
import io.penstock.forwarder.client.top.Sample.Latency;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameTest {
    private static final Rates EXPECTED = new Rates(100, 2, 1 << 20, 10 << 20);

    private final Sample now = TopSamples.sample(60);

    @Test
    void shouldTellRatesFromTwoSamples() {
        Frame frame = Frame.between(TopSamples.sample(50), now);
        assertEquals(EXPECTED, frame.rates(now.services().get(0)));
        assertEquals(EXPECTED, frame.rates(now.backends().get(0)));
        assertEquals(EXPECTED, frame.total());
        assertEquals(100, frame.turns(now.workers().get(0)));
    }

    @Test
    void shouldNotTellWhatABackendDoesNotCount() {
        Frame frame = Frame.between(TopSamples.sample(50), now);
        assertEquals(Rates.UNKNOWN, frame.rates(now.backends().get(1)));
    }

    @Test
    void shouldTellNoRatesOfAFirstSampleNorAcrossARestart() {
        Sample other =
                TopSamples.read(TopSamples.status(1).replace("T03:00:00Z\", \"uptime", "T02:00:00Z\", \"uptime"), 1);
        for (Frame frame : List.of(Frame.first(now), Frame.between(other, now))) {
            assertEquals(Rates.UNKNOWN, frame.total());
            assertEquals(Rates.UNKNOWN, frame.rates(now.backends().get(0)));
            assertTrue(Double.isNaN(frame.turns(now.workers().get(0))));
        }
    }

    @Test
    void shouldTellNoRateOfWhatBeganAnew() {
        assertEquals(
                Rates.UNKNOWN,
                Frame.between(now, TopSamples.read(TopSamples.status(1), 61)).total());
    }

    @Test
    void shouldReadWhatIsThereAndNothingElse() {
        assertEquals(Latency.NONE, now.backends().get(0).firstByte());
        assertEquals(new Latency(12, 120, 200), now.services().get(0).firstByte());
        Sample empty = TopSamples.read("{}", 1);
        assertEquals(-1, empty.connections());
        assertEquals(List.of(), empty.warnings());
        Backend backend = TopSamples.read("{\"pools\": [{\"backends\": [{}, 7]}]}", 1)
                .backends()
                .get(0);
        assertEquals("-/-", backend.name());
        assertEquals(-1, backend.counters().failures());
    }

    @Test
    void shouldCountAsFailuresWhatIsNotTheClientsDoing() {
        assertEquals(120, now.services().get(0).counters().failures());
    }
}
