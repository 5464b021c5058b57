package io.penstock.perf.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class IperfLoadTest {
    private static final double EXACT = 0;

    @Test
    void shouldReadWhatWasReceived() throws IOException {
        Work work = IperfLoad.parse("""
                {"start": {}, "intervals": [], "end": {
                  "sum_sent": {"seconds": 3.0, "bytes": 6100000000},
                  "sum_received": {"seconds": 3.01, "bytes": 6000000000, "bits_per_second": 1.6e10}}}
                """);
        assertEquals(6, work.units(), EXACT);
        assertEquals(3.01, work.seconds(), EXACT);
    }

    @Test
    void shouldAddBothDirections() throws IOException {
        Work work = IperfLoad.parse("""
                {"end": {
                  "sum_received": {"seconds": 3.0, "bytes": 4000000000},
                  "sum_received_bidir_reverse": {"seconds": 3.0, "bytes": 1000000000}}}
                """);
        assertEquals(5, work.units(), EXACT);
    }

    @Test
    void shouldFailWithItsOwnWordsWhenItFailed() {
        IOException failure =
                assertThrows(IOException.class, () -> IperfLoad.parse("{\"error\": \"unable to connect to server\"}"));
        assertTrue(failure.getMessage().contains("unable to connect to server"));
    }

    @Test
    void shouldFailWhenNothingWasReceived() {
        assertThrows(
                IOException.class,
                () -> IperfLoad.parse("{\"end\": {\"sum_received\": {\"seconds\": 3.0, \"bytes\": 0}}}"));
    }
}
