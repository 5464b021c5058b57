package io.penstock.forwarder.control;

import io.penstock.forwarder.config.PoolConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Whether a member went down so often of late that its return is not believed at once. */
final class HoldDown {
    private final int changes;
    private final long withinNs;
    private final long timeNs;

    /** Of the last falls, {@link #changes} at most, the oldest first. */
    private final Deque<Long> fallsNs = new ArrayDeque<>();

    HoldDown(PoolConfig.HoldDown config) {
        changes = config.changes();
        withinNs = config.within().toNanos();
        timeNs = config.time().toNanos();
    }

    void onFall(long nowNs) {
        if (fallsNs.size() == changes) {
            fallsNs.removeFirst();
        }
        fallsNs.addLast(nowNs);
    }

    /** Until when a member that is up again now stays out: {@code nowNs} when it need not. */
    long heldUntilNs(long nowNs) {
        boolean flapping = fallsNs.size() == changes && nowNs - fallsNs.getFirst() <= withinNs;
        return flapping ? nowNs + timeNs : nowNs;
    }

    String evidence() {
        return "down " + changes + " times within " + Duration.ofNanos(withinNs).toSeconds() + " s";
    }
}
