package io.penstock.forwarder.operate;

import java.time.Duration;
import java.time.Instant;

/**
 * How far a drain is.
 *
 * @param state {@code running}, {@code done}, {@code deadline} or {@code cancelled}
 * @param atStart connections that were open when it began
 * @param closed by the drain
 * @param ended by themselves
 * @param left open now
 * @param oldest of those that are left
 */
public record DrainStatus(
        String target,
        String state,
        Instant startedAt,
        DrainPlan plan,
        int atStart,
        int closed,
        int ended,
        int left,
        Duration oldest) {}
