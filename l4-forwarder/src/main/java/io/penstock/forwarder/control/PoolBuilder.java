package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.RingScale;
import io.penstock.forwarder.config.Place;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.PoolConfig.Limits;
import io.penstock.forwarder.control.LevelPlan.Candidate;
import io.penstock.forwarder.control.LevelPlan.Level;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendGroup;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.Outgoing;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.table.SourceAffinity;
import io.penstock.forwarder.table.Spread;
import io.penstock.net.FlowHash;
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

    private final PoolConfig config;
    private final FlowHash flowHash;
    private final Optional<Place> own;
    private final List<Optional<Place>> clientPlaces;

    /** Null when sources are bound to no backend. */
    private final SourceAffinity affinity;

    private final PoolQueue queue;
    private final BackendGroups groups;
    private boolean panic;

    /**
     * @param own the forwarder's
     * @param clientPlaces by the index of the client's zone; first that of clients of whom nothing is known
     */
    PoolBuilder(PoolConfig config, FlowHash flowHash, Optional<Place> own, List<Optional<Place>> clientPlaces) {
        this.config = config;
        this.flowHash = flowHash;
        this.own = own;
        this.clientPlaces = List.copyOf(clientPlaces);
        groups = new BackendGroups(config.balance().policy(), flowHash);
        affinity = config.affinity()
                .map(wanted ->
                        new SourceAffinity(wanted.sources(), wanted.timeout().toNanos()))
                .orElse(null);
        Limits limits = config.limits();
        queue = limits.queue() == 0
                ? PoolQueue.NONE
                : new PoolQueue(limits.queue(), limits.queueTimeout().toNanos());
    }

    /** @param members those that may be in the table, eligible or not */
    BackendPool build(Collection<Member> members) {
        onHealth(members);
        List<Member> inOrder = List.copyOf(members);
        RingScale scale = scale(inOrder);
        // Zones from which all members are equally far have the same spread.
        Map<List<Candidate>, Spread> made = new HashMap<>();
        Spread[] spreads = clientPlaces.stream()
                .map(clients -> inOrder.stream()
                        .map(member -> candidate(member, clients))
                        .toList())
                .map(candidates -> made.computeIfAbsent(candidates, all -> spread(scale, inOrder, all)))
                .toArray(Spread[]::new);
        groups.onMade();
        return new BackendPool(
                config.name(), flowHash, config.balance().hash(), queue, affinity, Outgoing.PLAIN, spreads);
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

    int capacity() {
        return groups.capacity();
    }

    private Candidate candidate(Member member, Optional<Place> clients) {
        return new Candidate(
                member.config().priority(),
                Places.distance(clients, member.config().place().or(() -> own)),
                member.state().isTakenOut() ? 0 : member.config().weight(),
                member.state().isEligible(),
                weight(member) > 0);
    }

    private int weight(Member member) {
        return panic ? member.state().weightWhateverHealth() : member.state().weight();
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
