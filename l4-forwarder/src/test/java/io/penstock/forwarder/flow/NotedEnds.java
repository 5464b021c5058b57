package io.penstock.forwarder.flow;

import io.penstock.forwarder.table.Backend;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Wants to know of all that ends, and keeps what it is told. Of one worker. */
public final class NotedEnds implements FlowObserver {
    /** As {@link FlowEnd} has it. */
    public record Ended(
            boolean udp,
            long token,
            String service,
            String reason,
            boolean failure,
            Backend backend,
            long clientLow,
            int clientPort,
            long tookNs,
            long queuedNs,
            long connectNs,
            long firstByteNs,
            int attempts,
            long bytesToBackend,
            long bytesToClient,
            long bytesSpliced) {}

    private final FlowEnd noted = new FlowEnd();
    private final List<Ended> ends = new CopyOnWriteArrayList<>();

    @Override
    public FlowEnd tryBegin(long token, boolean failure) {
        return noted;
    }

    @Override
    public void onEnded(FlowEnd end) {
        ends.add(new Ended(
                end.isUdp(),
                end.token(),
                end.service(),
                end.reason().name(),
                end.isFailure(),
                end.backend(),
                end.clientLow(),
                end.clientPort(),
                end.endedNs() - end.openedNs(),
                end.queuedNs(),
                end.connectNs(),
                end.firstByteNs(),
                end.attempts(),
                end.bytesToBackend(),
                end.bytesToClient(),
                end.bytesSpliced()));
    }

    public List<Ended> all() {
        return ends;
    }

    /** The only one. */
    public Ended only() {
        if (ends.size() != 1) {
            throw new AssertionError("not one: " + ends);
        }
        return ends.get(0);
    }
}
