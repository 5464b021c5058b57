package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.AdaptiveWeights;
import io.penstock.forwarder.balance.LearntWeight;
import io.penstock.forwarder.config.PoolConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Feeds what members of one pool did in an interval to {@link AdaptiveWeights}, and their weights with what it learnt. */
final class WeightLearner {
    /** Of a weight; a smaller change is not worth a table. */
    private static final double MIN_CHANGE = 0.01;

    /** What is kept of one member. */
    private static final class Track {
        private final LearntWeight learnt = new LearntWeight();
        private LoadSums last;
        private double applied = 1;

        private Track(LoadSums now) {
            last = now;
        }
    }

    private final AdaptiveWeights weights;
    private final long intervalNs;
    private final Map<Member, Track> tracks = new HashMap<>();
    private long intervalEndsNs;

    WeightLearner(PoolConfig.Adaptive config, long nowNs) {
        weights = new AdaptiveWeights(config.stepPercent(), config.floorPercent());
        intervalNs = config.interval().toNanos();
        intervalEndsNs = nowNs + intervalNs;
    }

    /** Who is in the pool from now on. */
    void onMembers(Collection<Member> pool) {
        tracks.keySet().retainAll(pool);
        pool.forEach(member -> tracks.computeIfAbsent(member, key -> new Track(LoadSums.of(key.load()))));
    }

    /** When {@link #onTime} is due. */
    long deadlineNs() {
        return intervalEndsNs;
    }

    /** True when a weight changed. */
    boolean onTime(Collection<Member> pool, long nowNs) {
        if (nowNs < intervalEndsNs) {
            return false;
        }
        intervalEndsNs = nowNs + intervalNs;
        List<LearntWeight> all = new ArrayList<>();
        for (Member member : pool) {
            Track track = tracks.get(member);
            LoadSums now = LoadSums.of(member.load());
            LoadSums grown = now.since(track.last);
            track.last = now;
            track.learnt.observe(
                    Math.max(1, member.state().weightWhateverHealth()),
                    grown.connects(),
                    grown.connectNs(),
                    grown.firstBytes(),
                    grown.firstByteNs(),
                    grown.failures());
            all.add(track.learnt);
        }
        weights.adjust(all);
        boolean changed = false;
        for (Member member : pool) {
            Track track = tracks.get(member);
            double factor = track.learnt.factor();
            if (Math.abs(factor / track.applied - 1) >= MIN_CHANGE) {
                track.applied = factor;
                changed |= member.state().onLearnt(factor, nowNs);
            }
        }
        return changed;
    }
}
