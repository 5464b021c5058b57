package io.penstock.forwarder.flow;

import io.penstock.forwarder.table.Backend;
import io.penstock.metrics.BucketCounts;
import io.penstock.metrics.BucketScale;
import io.penstock.metrics.LatencyRecorder;
import io.penstock.metrics.LatencySnapshot;
import java.util.Arrays;

/**
 * How long the flows of each service took for each step, by the service's index, and how long backends took. Written by one
 * worker only, read by any thread. A service's recorders are made with its first flow; then nothing is allocated.
 */
@SuppressWarnings("EnumOrdinal") // an array index is the point: EnumMap boxes its values
public final class FlowLatencies {
    public enum Step {
        /** From the SYN to the backend until it was there: of the connect that succeeded. */
        CONNECT,
        /** From then, or from the client's first bytes if they were later, to the backend's first. */
        FIRST_BYTE,
        /** In a pool's queue, however that ended. */
        QUEUE,
        /** From the accept to the end, of one that was at a backend. */
        DURATION;

        private static final int COUNT = values().length;
    }

    /** 64 us to 33 s. */
    public static final BucketScale SCALE = BucketScale.ofNanos(1_000, 6, 25);

    private final boolean recording;
    private volatile LatencyRecorder[] recorders = {};

    /** @param recording false for nothing at all */
    public FlowLatencies(boolean recording) {
        this.recording = recording;
    }

    public void onConnected(int service, Backend backend, long tookNs) {
        if (recording) {
            backend.load().traffic().onConnected(tookNs);
            record(service, Step.CONNECT, tookNs);
        }
    }

    public void onFirstByte(int service, Backend backend, long tookNs) {
        if (recording) {
            backend.load().traffic().onFirstByte(tookNs);
            record(service, Step.FIRST_BYTE, tookNs);
        }
    }

    public void onQueueLeft(int service, long waitedNs) {
        if (recording) {
            record(service, Step.QUEUE, waitedNs);
        }
    }

    public void onEnded(int service, long tookNs) {
        if (recording) {
            record(service, Step.DURATION, tookNs);
        }
    }

    private void record(int service, Step step, long tookNs) {
        int index = service * Step.COUNT + step.ordinal();
        LatencyRecorder[] all = recorders;
        LatencyRecorder recorder = index < all.length ? all[index] : null;
        (recorder == null ? add(index) : recorder).record(tookNs);
    }

    private LatencyRecorder add(int index) {
        LatencyRecorder[] more = Arrays.copyOf(recorders, Math.max(index + 1, recorders.length));
        more[index] = new LatencyRecorder(SCALE, System.nanoTime());
        recorders = more;
        return more[index];
    }

    /** Adds all that was recorded of a service since the start. */
    public void addTo(BucketCounts sums, int service, Step step, long nowNs) {
        LatencyRecorder recorder = recorder(service, step);
        if (recorder != null) {
            recorder.addTo(sums, nowNs);
        }
    }

    /** Adds what was recorded of a service in the last 10 to 20 s. */
    public void addTo(LatencySnapshot recent, int service, Step step, long nowNs) {
        LatencyRecorder recorder = recorder(service, step);
        if (recorder != null) {
            recorder.addTo(recent, nowNs);
        }
    }

    private LatencyRecorder recorder(int service, Step step) {
        LatencyRecorder[] all = recorders;
        int index = service * Step.COUNT + step.ordinal();
        return index < all.length ? all[index] : null;
    }

    /** As {@link LatencyRecorder#roll}. */
    public void roll(long nowNs) {
        for (LatencyRecorder recorder : recorders) {
            if (recorder != null) {
                recorder.roll(nowNs);
            }
        }
    }
}
