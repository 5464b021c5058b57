package io.penstock.perf.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class WrkLoadTest {
    private static final String GOOD = """
            Running 3s test @ http://127.0.0.1:20101/
              1 threads and 50 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency   824.77us    1.34ms  43.28ms   98.77%
                Req/Sec    66.66k     5.38k   74.94k    86.67%
              199067 requests in 3.00s, 31.89MB read
            Requests/sec:  66295.48
            Transfer/sec:     10.62MB
            """;

    private static final double EXACT = 0;

    @Test
    void shouldReadRequestsAndSeconds() throws IOException {
        Work work = WrkLoad.parse(GOOD);
        assertEquals(199_067, work.units(), EXACT);
        assertEquals(3, work.seconds(), EXACT);
        assertEquals(0, work.failures());
    }

    @Test
    void shouldReadLongRunsInMinutes() throws IOException {
        assertEquals(60, WrkLoad.parse("  12 requests in 1.00m, 1.89MB read").seconds(), EXACT);
    }

    @Test
    void shouldCountEveryKindOfFailure() throws IOException {
        Work work = WrkLoad.parse(GOOD
                + "  Socket errors: connect 1, read 20, write 300, timeout 4000\n"
                + "  Non-2xx or 3xx responses: 50000\n");
        assertEquals(54_321, work.failures());
    }

    @Test
    void shouldFailWhenNothingCameThrough() {
        IOException failure =
                assertThrows(IOException.class, () -> WrkLoad.parse("  0 requests in 3.00s, 0.00B read\n"));
        assertTrue(failure.getMessage().contains("no request came through"));
    }

    @Test
    void shouldFailWhenThereIsNoSummary() {
        assertThrows(IOException.class, () -> WrkLoad.parse("unable to connect to 127.0.0.1:1 Connection refused\n"));
    }
}
