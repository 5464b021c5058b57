package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.RingScale;
import io.penstock.forwarder.config.Place;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.PoolConfig.Limits;
import io.penstock.forwarder.control.LevelPlan.Candidate;
import io.penstock.forwarder.control.LevelPlan.Level;
import io.penstock.forwarder.operate.PoolTraffic;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendGroup;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.PoolCounts;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.table.SourceAffinity;
import io.penstock.forwarder.table.Spread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what workers see of one pool: its members in groups by how near and how preferred they are, for clients of each
 * zone.
 */
final class PoolBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(PoolBuilder.class);

    private PoolConfig config;
    private PoolSetting setting;

    /** Null when sources are bound to no backend. */
    private SourceAffinity affinity;

    private PoolQueue queue = PoolQueue.NONE;
    private final PoolCounts counts = new PoolCounts();
    private BackendGroups groups;
    private boolean panic;

    PoolBuilder(PoolConfig config, PoolSetting setting) {
        this.config = config;
        this.setting = setting;
        groups = new BackendGroups(config.balance().policy(), setting.flowHash());
        affinity = affinity(config);
        setQueue(config.limits());
    }

    /** What is made from now on is made so. Groups, sources and who waits are kept, where they still mean the same. */
    void onConfig(PoolConfig next, PoolSetting nextSetting) {
        PoolConfig before = config;
        boolean sameKey = setting.flowHash().equals(nextSetting.flowHash());
        config = next;
        setting = nextSetting;
        if (!sameKey || !before.balance().policy().equals(next.balance().policy())) {
            groups.retire();
            groups = new BackendGroups(next.balance().policy(), nextSetting.flowHash());
        }
        boolean sameHashes =
                sameKey && before.balance().hash().equals(next.balance().hash());
        if (!sameHashes || !before.affinity().equals(next.affinity())) {
            affinity = affinity(next);
        }
        setQueue(next.limits());
    }

    private static SourceAffinity affinity(PoolConfig config) {
        return config.affinity()
                .map(wanted ->
                        new SourceAffinity(wanted.sources(), wanted.timeout().toNanos()))
                .orElse(null);
    }

    /** Who waits stays in the queue, though it may be smaller than they are many. */
    private void setQueue(Limits limits) {
        if (queue != PoolQueue.NONE) {
            queue.resize(limits.queue(), limits.queueTimeout().toNanos());
        } else if (limits.queue() > 0) {
            queue = new PoolQueue(limits.queue(), limits.queueTimeout().toNanos());
        }
    }

    int queued() {
        return queue.waiting();
    }

    PoolTraffic traffic() {
        return new PoolTraffic(
                queue.waits(), Duration.ofNanos(queue.waitedNs()), counts.placesRefused(), counts.retries());
    }

    /** Nothing is made any more. */
    void retire() {
        groups.retire();
        if (queue != PoolQueue.NONE) {
            queue.retire();
        }
    }

    /** @param members those that may be in the table, eligible or not */
    BackendPool build(Collection<Member> members) {
        onHealth(members);
        List<Member> inOrder = List.copyOf(members);
        RingScale scale = scale(inOrder);
        // Zones from which all members are equally far have the same spread.
        Map<List<Candidate>, Spread> made = new HashMap<>();
        Spread[] spreads = setting.clientPlaces().stream()
                .map(clients -> inOrder.stream()
                        .map(member -> candidate(member, clients))
                        .toList())
                .map(candidates -> made.computeIfAbsent(candidates, all -> spread(scale, inOrder, all)))
                .toArray(Spread[]::new);
        groups.onMade();
        return new BackendPool(
                config.name(),
                setting.flowHash(),
                config.balance().hash(),
                queue,
                affinity,
                Outgoings.of(config.outgoing()),
                counts,
                spreads);
    }

    private Spread spread(RingScale scale, List<Member> members, List<Candidate> candidates) {
        List<BackendGroup> made = new ArrayList<>();
        List<Integer> shares = new ArrayList<>();
        for (Level level : LevelPlan.of(candidates, config.locality().overprovisioningPercent())) {
            List<Backend> backends = level.members().stream()
                    .map(members::get)
                    .map(member -> member.backend(weight(member)))
                    .toList();
            made.add(groups.of(scale, backends));
            shares.add(level.share());
        }
        return new Spread(made, shares.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Of all members with their configured weights, whatever is the matter with them now. */
    private RingScale scale(List<Member> members) {
        int weighing = 0;
        long weight = 0;
        for (Member member : members) {
            weighing += member.config().weight() > 0 ? 1 : 0;
            weight += (long) MemberState.WEIGHT_UNIT * member.config().weight();
        }
        return RingScale.of(config.balance().policy().ringSize(), weighing, weight);
    }

    /** Whether what was built last goes by weights alone, as too few are healthy. */
    boolean ignoresHealth() {
        return panic;
    }

    int capacity() {
        return groups.capacity();
    }

    private Candidate candidate(Member member, Optional<Place> clients) {
        return new Candidate(
                member.config().priority(),
                Places.distance(clients, member.config().place().or(setting::own)),
                member.state().isTakenOut() ? 0 : member.config().weight(),
                member.state().isEligible(),
                weight(member) > 0);
    }

    private int weight(Member member) {
        return member.state().weight(panic);
    }

    /** Those that were taken out on purpose are no sign of trouble, and stay out. */
    private void onHealth(Collection<Member> members) {
        long eligible = 0;
        long all = 0;
        for (Member member : members) {
            if (!member.state().isTakenOut()) {
                all += member.config().weight();
                eligible += member.state().isEligible() ? member.config().weight() : 0;
            }
        }
        boolean before = panic;
        panic = eligible * 100 < all * config.locality().panicPercent();
        if (panic != before) {
            LOG.warn(
                    "event=panic pool={} state={} eligible={} of={}",
                    config.name(),
                    panic ? "on" : "off",
                    eligible,
                    all);
        }
    }
}
