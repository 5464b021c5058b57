package io.penstock.forwarder.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.BackendNetwork;
import io.penstock.forwarder.flow.Measuring;
import io.penstock.forwarder.tcp.ScriptedSyscalls.Fd;
import io.penstock.metrics.BucketCounts;
import io.penstock.metrics.SharedBuckets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class NetworkSamplerTest extends ConnectionScript {
    private static final long INTERVAL_NS = 1_000 * MS;

    private final NetworkSampler sampler = new NetworkSampler(INTERVAL_NS, nowNs);

    private BucketCounts sum(Function<BackendNetwork, SharedBuckets> what) {
        BucketCounts sums =
                new BucketCounts(what.apply(new BackendNetwork()).counts().scale());
        for (BackendLoad load : loads) {
            what.apply(load.network()).addTo(sums);
        }
        return sums;
    }

    private void turns(int count) {
        for (int i = 0; i < count; i++) {
            sampler.onTurn(tcp);
        }
    }

    @Test
    void shouldTellTheBackendOfWhatTheKernelKnows() {
        relaying();
        backend.rttUs = 300;
        backend.segmentsSent = 100;
        turns(1);
        assertEquals(1, sum(BackendNetwork::rtt).count());
        assertEquals(300e-6, sum(BackendNetwork::rtt).sum());
        assertEquals(1e6, sum(BackendNetwork::deliveryRate).sum());
        assertEquals(0.01, sum(BackendNetwork::retransmitted).sum(), 1e-6);
    }

    @Test
    void shouldAskOnceAnInterval() {
        relaying();
        turns(5);
        assertEquals(1, backend.infoAsked);
        at(INTERVAL_NS);
        turns(5);
        assertEquals(2, backend.infoAsked);
    }

    @Test
    void shouldCountNothingOfWhomNothingWasSentTo() {
        relaying();
        turns(1);
        assertEquals(1, backend.infoAsked);
        assertEquals(0, sum(BackendNetwork::rtt).count());
    }

    /** A queue that was not empty is looked at again, or it would look full until something happens. */
    @Test
    void shouldTellHowManyWaitToBeAccepted() {
        listener.acceptQueue = 3;
        turns(1);
        assertEquals(3, tcp.gauges().value(TcpGauge.ACCEPT_QUEUE));
        assertEquals(75, tcp.gauges().value(TcpGauge.ACCEPT_QUEUE_PERCENT));
        assertEquals(INTERVAL_NS, sampler.waitNs(nowNs));
        listener.acceptQueue = 0;
        at(INTERVAL_NS);
        turns(1);
        assertEquals(0, tcp.gauges().value(TcpGauge.ACCEPT_QUEUE));
        assertEquals(-1, sampler.waitNs(nowNs));
    }

    @Test
    void shouldAskOnlyOfThoseThatRelay() {
        accept();
        turns(1);
        assertEquals(0, backend.infoAsked);
    }

    @Test
    void shouldAskNothingWhereNothingIsMeasured() {
        relaying();
        new NetworkSampler(Measuring.NEVER, nowNs).onTurn(tcp);
        assertEquals(0, backend.infoAsked);
    }

    /** So that a turn stays short, and an interval cheap; who was not asked is asked in the next. */
    @Test
    void shouldBoundWhatItAsks() {
        List<Fd> backends = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            relaying();
            backends.add(backend);
        }
        turns(1);
        assertEquals(NetworkSampler.MAX_VISITS, asked(backends));
        turns(50);
        assertEquals(NetworkSampler.MAX_SAMPLES, asked(backends));
        at(INTERVAL_NS);
        turns(50);
        assertEquals(2 * NetworkSampler.MAX_SAMPLES, asked(backends));
        assertEquals(
                28,
                backends.stream().filter(each -> each.infoAsked == 2).count(),
                "all have been asked before any is asked again");
    }

    private static int asked(List<Fd> backends) {
        return backends.stream().mapToInt(each -> each.infoAsked).sum();
    }
}
