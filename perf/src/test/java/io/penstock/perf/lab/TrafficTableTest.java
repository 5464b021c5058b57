package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.net.IpAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TrafficTableTest {
    private static final IpAddress SOURCE = IpAddress.ofIpv4(1);

    private final TrafficTable table = new TrafficTable(Map.of("10.0.9.1", "f1", "10.0.9.2", "f2"));

    private static Tally tally(Outcome... outcomes) {
        Tally tally = new Tally();
        List.of(outcomes).forEach(tally);
        return tally;
    }

    private static Outcome served(String backend, String forwarder) {
        return Outcome.served(SOURCE, 0, 3_000_000, new Answer(backend, forwarder));
    }

    @Test
    void shouldHaveAColumnForEachForwarderThatIsNamedAndEachBackendThatServed() {
        Outcome failed = Outcome.failed(SOURCE, 0, 9_000_000, "ECONNRESET");
        Tally tally = tally(served("b1", "10.0.9.2"), served("b2", "10.0.9.2"), failed);
        assertEquals(
                List.of(
                        "second served |    f1    f2 |    b1    b2 | failed   slowest | lasting broken",
                        "     1      2 |     0     2 |     1     1 |      1      9 ms |       5      4"),
                table.lines(1, tally, 5, 4));
    }

    @Test
    void shouldRepeatTheHeadOnlyWhenAColumnComes() {
        table.lines(1, tally(served("b1", "10.0.9.1")), 0, 0);
        assertEquals(1, table.lines(2, tally(served("b1", "10.0.9.2")), 0, 0).size());
        List<String> lines = table.lines(3, tally(served("b3", "10.0.9.7")), 0, 0);
        assertEquals(
                "second served | 10.0.9.7    f1    f2 |    b1    b3 | failed   slowest | lasting broken", lines.get(0));
    }
}
