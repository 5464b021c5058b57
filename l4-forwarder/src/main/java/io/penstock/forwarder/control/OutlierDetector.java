package io.penstock.forwarder.control;

import static java.util.Comparator.comparing;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.control.Transition.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Takes members of one pool out for a while for what their traffic shows: failures in a row, which take effect at once,
 * and response times that stand out from the others', which are compared once an interval.
 */
final class OutlierDetector {
    /** Intervals in a row in which a member must stand out: one that collects its garbage is well again in the next. */
    static final int SLOW_INTERVALS = 2;

    /** What is kept of one member. */
    private static final class Track {
        private final EjectionTime ejections;

        /** Whether the controller knows of an alarm and has not looked yet: one waits at most. */
        private final AtomicBoolean alarmed = new AtomicBoolean();

        private LoadSums last;
        private int slowIntervals;

        private Track(PoolConfig.OutlierEjection config, BackendLoad load) {
            ejections = new EjectionTime(config);
            last = LoadSums.of(load);
        }
    }

    /** What a member showed in an interval. */
    private record Measured(Member member, LoadSums grown) {}

    private final PoolConfig.OutlierEjection config;
    private final double slowScore;
    private final Map<Member, Track> tracks = new HashMap<>();
    private long intervalEndsNs;

    OutlierDetector(PoolConfig.OutlierEjection config, long nowNs) {
        this.config = config;
        slowScore = config.latencyScore() / 10.0;
        intervalEndsNs = config.latencyScore() > 0 ? nowNs + config.interval().toNanos() : MemberState.NEVER;
    }

    /**
     * Who is in the pool from now on.
     *
     * @param alarms told by a worker of a member with failures in a row; must not block
     */
    void onMembers(Collection<Member> pool, Consumer<Member> alarms) {
        tracks.keySet().removeIf(member -> {
            boolean gone = !pool.contains(member);
            if (gone) {
                member.load().noAlarm();
            }
            return gone;
        });
        for (Member member : pool) {
            if (!tracks.containsKey(member)) {
                Track track = new Track(config, member.load());
                tracks.put(member, track);
                member.load().alarmAt(orNever(config.connectFailures()), orNever(config.earlyResets()), () -> {
                    if (track.alarmed.compareAndSet(false, true)) {
                        alarms.accept(member);
                    }
                });
            }
        }
    }

    /** Nobody is looked at any more. */
    void close() {
        onMembers(List.of(), member -> {});
    }

    /** When {@link #onTime} is due. */
    long deadlineNs() {
        return intervalEndsNs;
    }

    /** Some failures in a row have come at this member; true when it is ejected. */
    boolean onAlarm(Member member, Collection<Member> pool, long nowNs) {
        tracks.get(member).alarmed.set(false);
        int failures = member.load().connectFailuresInARow();
        int resets = member.load().earlyResetsInARow();
        if (failures >= orNever(config.connectFailures())) {
            return tryEject(member, pool, Reason.CONNECT_FAILURES, failures + " connects in a row failed", nowNs);
        }
        if (resets >= orNever(config.earlyResets())) {
            return tryEject(
                    member, pool, Reason.EARLY_RESETS, resets + " resets in a row before the first byte", nowNs);
        }
        return false;
    }

    /** True when somebody was ejected. */
    boolean onTime(Collection<Member> pool, long nowNs) {
        if (nowNs < intervalEndsNs) {
            return false;
        }
        intervalEndsNs = nowNs + config.interval().toNanos();
        List<Measured> measured = new ArrayList<>();
        for (Member member : pool) {
            Track track = tracks.get(member);
            LoadSums now = LoadSums.of(member.load());
            LoadSums grown = now.since(track.last);
            track.last = now;
            if (member.state().isEligible() && grown.responses() >= LatencyComparison.MIN_SAMPLES) {
                measured.add(new Measured(member, grown));
            } else {
                track.slowIntervals = 0;
            }
        }
        boolean ejected = false;
        // Those at another place are farther away, and not slow for that.
        for (List<Measured> alike : measured.stream()
                .collect(Collectors.groupingBy(one -> one.member.config().place()))
                .values()) {
            ejected |= compare(alike, pool, nowNs);
        }
        return ejected;
    }

    private boolean compare(List<Measured> alike, Collection<Member> pool, long nowNs) {
        double[] scores = LatencyComparison.scores(
                alike.stream().mapToDouble(one -> one.grown.meanResponseNs()).toArray(),
                alike.stream().mapToLong(one -> one.grown.responses()).toArray());
        boolean ejected = false;
        List<Integer> worstFirst = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            worstFirst.add(i);
        }
        worstFirst.sort(comparing(i -> -scores[i]));
        for (int i : worstFirst) {
            Measured one = alike.get(i);
            Track track = tracks.get(one.member);
            track.slowIntervals = scores[i] >= slowScore ? track.slowIntervals + 1 : 0;
            if (track.slowIntervals >= SLOW_INTERVALS) {
                ejected |= tryEject(one.member, pool, Reason.LATENCY, evidence(one, scores[i], alike.size()), nowNs);
            }
        }
        return ejected;
    }

    private static String evidence(Measured one, double score, int members) {
        return String.format(
                Locale.ROOT,
                "mean response %.1f ms over %d connections, score %.1f against %d others",
                one.grown.meanResponseNs() / 1e6,
                one.grown.responses(),
                score,
                members - 1);
    }

    private boolean tryEject(Member member, Collection<Member> pool, Reason reason, String evidence, long nowNs) {
        if (!member.state().isEligible() || !hasRoom(member, pool)) {
            // Counted anew, or the same number would not come again to tell.
            member.load().clearFailuresInARow();
            return false;
        }
        Track track = tracks.get(member);
        long timeNs = track.ejections.next(nowNs);
        track.slowIntervals = 0;
        String full = evidence + ", for " + Duration.ofNanos(timeNs).toMillis() + " ms";
        return member.state().onEjected(nowNs + timeNs, reason, full, nowNs);
    }

    /** Whether one more may go: not the last that takes connections, and not more than the share that is allowed. */
    private boolean hasRoom(Member candidate, Collection<Member> pool) {
        int ejected = 0;
        boolean othersLeft = false;
        for (Member member : pool) {
            ejected += member.state().isEjected() ? 1 : 0;
            othersLeft |= member != candidate && member.state().isEligible();
        }
        return othersLeft && ejected < Math.max(1, pool.size() * config.maxEjectedPercent() / 100);
    }

    private static int orNever(int failures) {
        return failures == 0 ? Integer.MAX_VALUE : failures;
    }
}
