package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.BackendTraffic;
import io.penstock.forwarder.balance.FlowOutcome;
import io.penstock.forwarder.flow.FlowLatencies;
import io.penstock.forwarder.flow.FlowLatencies.Step;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.tcp.ScriptedSyscalls.Fd;
import io.penstock.linux.Errno;
import io.penstock.metrics.BucketCounts;
import io.penstock.metrics.LatencySnapshot;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** What is counted of a connection for its service, its pool and its backend. */
class ConnectionCountsTest extends ConnectionScript {
    private static final int COPIED = 495 << 10;
    private static final int MIB = 1 << 20;

    private static final long PERIOD_NS = 1 << 30;

    @SuppressWarnings("EnumOrdinal") // as the counts are laid out
    private long closed(CloseReason reason) {
        return tcp.services().ended(0, reason.ordinal());
    }

    private long backends(ToLongFunction<BackendTraffic> value) {
        return loads.stream().map(BackendLoad::traffic).mapToLong(value).sum();
    }

    private long ended(FlowOutcome outcome) {
        return backends(traffic -> traffic.ended(outcome));
    }

    private void moves(int toBackend, int toClient) {
        client.reading(toBackend);
        event(client, EPOLLIN);
        backend.reading(toClient);
        event(backend, EPOLLIN);
    }

    private void startOfPeriod() {
        nowNs = (nowNs / PERIOD_NS + 1) * PERIOD_NS;
        at(0);
    }

    @Test
    void shouldCountEachEndOfAServiceByItsReason() {
        accept();
        event(client, FAILED);
        relaying();
        moves(1, 1);
        client.reading(0);
        event(client, FIN);
        backend.reading(0);
        event(backend, FIN);
        assertEquals(1, closed(CloseReason.CLIENT_GONE));
        assertEquals(1, closed(CloseReason.COMPLETED));
        assertEquals(0, tcp.services().open(0));
        assertEquals(2, tcp.services().accepted(0));
    }

    @Test
    void shouldCountForTheBackendHowAConnectionEndedThatItHad() {
        accept();
        event(client, FAILED);
        for (FlowOutcome outcome : FlowOutcome.values()) {
            assertEquals(0, ended(outcome), "it never had it: " + outcome);
        }
        relaying();
        at(IDLE_NS + TICK_NS);
        assertEquals(1, ended(FlowOutcome.TIMED_OUT));
        relaying();
        tcp.tryDrain(client.token);
        assertEquals(1, ended(FlowOutcome.CUT));
        relaying();
        backend.error = Errno.ECONNRESET;
        backend.reading(100, -Errno.ECONNRESET);
        event(backend, FAILED);
        assertEquals(1, ended(FlowOutcome.BACKEND_RESET));
        relaying();
        client.error = Errno.ETIMEDOUT;
        client.reading(-Errno.ETIMEDOUT);
        event(client, FAILED);
        assertEquals(1, ended(FlowOutcome.CLIENT_FAILED));
        assertEquals(4, loads.stream().mapToLong(BackendLoad::connects).sum());
    }

    /** Its place is given back while the client has to acknowledge; however that ends, it is told once. */
    @Test
    void shouldCountOnceTheConnectionThatTheBackendResetAndAnOperatorKilledThen() {
        relaying();
        client.unacknowledged = 1;
        backend.error = Errno.ECONNRESET;
        backend.reading(5, -Errno.ECONNRESET);
        event(backend, FAILED);
        assertEquals(1, ended(FlowOutcome.BACKEND_RESET));
        tcp.tryKill(client.token);
        assertEquals(1, closed(CloseReason.KILLED));
        assertEquals(0, ended(FlowOutcome.CUT));
        assertEquals(5, backends(traffic -> traffic.bytesFrom(false)));
    }

    @Test
    void shouldTellBytesAtTheEndByWayAndPath() {
        startOfPeriod();
        relaying();
        moves(300, COPIED);
        backend.reading(MIB);
        event(backend, EPOLLIN);
        while (tcp.hasQueued()) {
            tcp.runQueued(tcp.queued());
        }
        tcp.tryKill(client.token);
        assertEquals(300, tcp.services().bytesToBackends(0, false));
        assertEquals(0, tcp.services().bytesToBackends(0, true));
        assertEquals(COPIED, tcp.services().bytesToClients(0, false));
        assertEquals(MIB, tcp.services().bytesToClients(0, true));
        assertEquals(300, backends(traffic -> traffic.bytesTo(false)));
        assertEquals(0, backends(traffic -> traffic.bytesTo(true)));
        assertEquals(COPIED, backends(traffic -> traffic.bytesFrom(false)));
        assertEquals(MIB, backends(traffic -> traffic.bytesFrom(true)));
    }

    /** Whichever way it went: a direction that brought much is spliced. */
    private long bytesOfBackends() {
        return backends(traffic -> traffic.bytesFrom(false) + traffic.bytesFrom(true));
    }

    @Test
    void shouldTellBytesOfALongConnectionWhenThereAreManyOrTimeHasPassed() {
        startOfPeriod();
        relaying();
        moves(100, 200_000);
        at(MS);
        assertEquals(0, bytesOfBackends(), "few, and not long ago");
        moves(100, 70_000);
        assertEquals(270_000, bytesOfBackends());
        assertEquals(200, tcp.services().bytesToBackends(0, false));
        moves(1, 2);
        assertEquals(270_000, bytesOfBackends());
        at(PERIOD_NS);
        moves(1, 2);
        assertEquals(270_002, bytesOfBackends(), "as the client spoke");
        assertEquals(202, tcp.services().bytesToBackends(0, false));
    }

    @Test
    void shouldTellBytesOfAConnectionThatFellSilentWhenItsTimerComes() {
        startOfPeriod();
        relaying();
        moves(100, 200);
        assertEquals(0, bytesOfBackends());
        // The timer stands where the connect timeout was.
        at(CONNECT_NS + TICK_NS);
        assertEquals(200, bytesOfBackends());
        assertEquals(100, tcp.services().bytesToBackends(0, false));
    }

    @Test
    void shouldTellEarlyBytesToTheBackendThatGotThem() {
        kernel.sentAlready = new long[] {77};
        accept();
        refuse();
        backend = kernel.last();
        event(backend, EPOLLOUT);
        tcp.tryKill(client.token);
        assertEquals(77, backends(traffic -> traffic.bytesTo(false)));
        assertEquals(
                1,
                loads.stream()
                        .filter(load -> load.traffic().bytesTo(false) == 77 && load.connects() == 1)
                        .count());
    }

    @Test
    void shouldCountForThePoolRetriesPlacesRefusedAndWaits() {
        PoolQueue queue = new PoolQueue(3, 3_000 * MS);
        table = table(2, 3, IDLE_NS, queue);
        accept();
        refuse();
        assertEquals(1, table.service(0).poolFor(0, 0).counts().retries());
        loads.subList(loads.size() - 2, loads.size()).forEach(load -> load.limit(0, BackendLoad.UNLIMITED));
        accept();
        at(40 * MS);
        event(client, FAILED);
        assertEquals(2, table.service(0).poolFor(0, 0).counts().placesRefused(), "for whoever came, when it came");
        assertEquals(1, queue.waits());
        assertEquals(40 * MS, queue.waitedNs());
    }

    // ---- times

    private BucketCounts recorded(Step step) {
        BucketCounts counts = new BucketCounts(FlowLatencies.SCALE);
        latencies.addTo(counts, 0, step, nowNs);
        return counts;
    }

    private void recorded(Step step, int count, long sumNs) {
        assertEquals(count, recorded(step).count(), step::name);
        assertEquals(sumNs / 1e9, recorded(step).sum(), 1e-12, step::name);
    }

    @Test
    void shouldRecordEachStepOnce() {
        accept();
        at(30 * MS);
        event(client, EPOLLOUT);
        event(backend, EPOLLOUT);
        recorded(Step.CONNECT, 1, 30 * MS);
        at(40 * MS);
        moves(0, 9);
        moves(5, 9);
        recorded(Step.FIRST_BYTE, 1, 40 * MS);
        recorded(Step.DURATION, 0, 0);
        at(100 * MS);
        tcp.tryKill(client.token);
        recorded(Step.DURATION, 1, 170 * MS);
        recorded(Step.CONNECT, 1, 30 * MS);
        recorded(Step.QUEUE, 0, 0);
        assertEquals(1, backends(traffic -> traffic.connects().count()));
        assertEquals(1, backends(traffic -> traffic.firstBytes().count()));
    }

    @Test
    void shouldRecordNoTimesOfTheConnectionThatCameToNoBackend() {
        accept();
        at(30 * MS);
        event(client, FAILED);
        for (Step step : Step.values()) {
            recorded(step, 0, 0);
        }
        assertEquals(0, backends(traffic -> traffic.connects().count()));
    }

    @Test
    void shouldRecordTheWaitOfWhoIsServedAndOfWhoGivesUp() {
        table = table(1, 3, IDLE_NS, new PoolQueue(3, 3_000 * MS));
        loads.get(loads.size() - 1).limit(1, BackendLoad.UNLIMITED);
        relaying();
        Fd holder = client;
        accept();
        accept();
        at(40 * MS);
        holder.reading(-Errno.ECONNRESET);
        event(holder, FAILED);
        at(0);
        recorded(Step.QUEUE, 1, 40 * MS);
        at(10 * MS);
        event(client, FAILED);
        recorded(Step.QUEUE, 2, 90 * MS);
    }

    @Test
    void shouldRecordNothingWhereItIsNotWanted() {
        FlowLatencies none = new FlowLatencies(false);
        none.onConnected(0, backends.get(0), MS);
        none.onFirstByte(0, backends.get(0), MS);
        none.onQueueLeft(0, MS);
        none.onEnded(0, MS);
        for (Step step : Step.values()) {
            BucketCounts counts = new BucketCounts(FlowLatencies.SCALE);
            none.addTo(counts, 0, step, nowNs);
            assertEquals(0, counts.count());
        }
        assertEquals(
                0,
                backends(traffic ->
                        traffic.connects().count() + traffic.firstBytes().count()));
    }

    @Test
    void shouldKeepServicesApartAndKnowOnlyTheLastSeconds() {
        latencies.onEnded(7, 50 * MS);
        latencies.onEnded(2, 3 * MS);
        LatencySnapshot recent = new LatencySnapshot(FlowLatencies.SCALE);
        latencies.addTo(recent, 7, Step.DURATION, System.nanoTime());
        assertEquals(1, recent.count());
        assertEquals(50.0 * MS, (double) recent.maxNs(), 50.0 * MS / 16 + 1_000);
        long laterNs = System.nanoTime() + 30_000 * MS;
        latencies.roll(laterNs);
        latencies.roll(laterNs + 30_000 * MS);
        LatencySnapshot later = new LatencySnapshot(FlowLatencies.SCALE);
        latencies.addTo(later, 7, Step.DURATION, laterNs + 30_000 * MS);
        assertEquals(0, later.count());
        BucketCounts all = new BucketCounts(FlowLatencies.SCALE);
        latencies.addTo(all, 7, Step.DURATION, laterNs + 30_000 * MS);
        assertEquals(1, all.count(), "since the start");
    }
}
