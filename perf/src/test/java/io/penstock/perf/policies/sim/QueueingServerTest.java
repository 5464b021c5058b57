package io.penstock.perf.policies.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.perf.policies.scenario.QueueingServer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class QueueingServerTest {
    private final Timeline timeline = new Timeline();
    private final List<String> done = new ArrayList<>();

    @Test
    void shouldLetTheOthersWaitInTheirOrderWhenAllServersAreBusy() {
        QueueingServer server = new QueueingServer(timeline, 2);
        for (String name : List.of("a", "b", "c", "d")) {
            server.accept(10, () -> done.add(name + " at " + timeline.nowNs()));
        }
        timeline.run();
        assertEquals(List.of("a at 10", "b at 10", "c at 20", "d at 20"), done);
    }

    @Test
    void shouldBeginAtOnceWhenAServerIsFreeAgain() {
        QueueingServer server = new QueueingServer(timeline, 1);
        server.accept(10, () -> {});
        timeline.at(50, () -> server.accept(10, () -> done.add("at " + timeline.nowNs())));
        timeline.run();
        assertEquals(List.of("at 60"), done);
    }

    /**
     * With Poisson arrivals and exponential work, two servers that are busy for half of the time take 4/3 of the mean work
     * to answer: Erlang's C formula gives a third who wait, for one mean work on average.
     */
    @Test
    void shouldWaitAsLongAsErlangSays() {
        double meanWorkNs = 1_000_000;
        SplittableRandom random = new SplittableRandom(7);
        QueueingServer server = new QueueingServer(timeline, 2);
        int requests = 200_000;
        double[] tookNs = {0};
        double atNs = 0;
        for (int i = 0; i < requests; i++) {
            atNs -= meanWorkNs * Math.log(1 - random.nextDouble());
            long workNs = (long) (-meanWorkNs * Math.log(1 - random.nextDouble()));
            long arrivedNs = (long) atNs;
            timeline.at(
                    arrivedNs, () -> server.accept(workNs, () -> tookNs[0] += timeline.nowNs() - (double) arrivedNs));
        }
        timeline.run();
        assertEquals(4.0 / 3, tookNs[0] / requests / meanWorkNs, 0.02);
    }
}
