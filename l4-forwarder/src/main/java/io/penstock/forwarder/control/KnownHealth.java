package io.penstock.forwarder.control;

import io.penstock.forwarder.operate.HealthViews;
import io.penstock.forwarder.operate.PoolHealth;
import io.penstock.forwarder.operate.RefusedException;
import io.penstock.forwarder.operate.TransitionCount;
import io.penstock.forwarder.operate.VipReport;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What the control thread knows of health, for others. */
final class KnownHealth implements HealthViews {
    private final ControlThread thread;
    private final RunningPools pools;
    private final HealthBoard board;
    private final TransitionLog transitions;
    private final Supplier<Optional<String>> packetTrouble;

    /** @param packetTrouble why packets are not forwarded, or nobody looks after that, at the moment it is asked */
    KnownHealth(
            ControlThread thread,
            RunningPools pools,
            HealthBoard board,
            TransitionLog transitions,
            Supplier<Optional<String>> packetTrouble) {
        this.packetTrouble = packetTrouble;
        this.thread = thread;
        this.pools = pools;
        this.board = board;
        this.transitions = transitions;
    }

    @Override
    public VipReport vips() {
        return board.report(packetTrouble.get());
    }

    @Override
    public List<PoolHealth> pools() {
        try {
            return thread.ask(() -> pools.all().stream().map(this::health).toList());
        } catch (RefusedException stopped) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private PoolHealth health(Pool pool) {
        PoolStanding standing = board.standing(pool.config().name()).orElseGet(pool::standing);
        return new PoolHealth(
                pool.config().name(),
                standing.state(),
                standing.reason(),
                standing.up(),
                standing.panic(),
                pool.members().stream().map(Member::health).toList());
    }

    @Override
    public List<TransitionCount> transitions() {
        return transitions.counts();
    }
}
