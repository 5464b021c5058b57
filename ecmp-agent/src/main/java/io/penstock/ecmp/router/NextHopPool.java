package io.penstock.ecmp.router;

import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelChange.PutNextHop;
import io.penstock.ecmp.kernel.KernelChange.RemoveNextHop;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Leg;
import io.penstock.netlink.NextHop.Member;
import io.penstock.netlink.NextHop.Resilience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The nexthop objects of one reconciliation: the agent's own that are there, those that it still needs, and ids for these that nobody
 * has. Nothing is known by its id: what a former run left is found by what it is.
 */
final class NextHopPool {
    private final int protocol;
    private final Map<Integer, NextHop> own = new LinkedHashMap<>();
    private final Map<Leg, Integer> legIds = new HashMap<>();
    private final Map<Content, List<Integer>> groupIds = new HashMap<>();
    private final Set<Integer> takenIds = new HashSet<>();
    private final Set<Integer> membersOfForeign = new HashSet<>();
    private final Set<Integer> used = new HashSet<>();
    private final List<KernelChange> legPuts = new ArrayList<>();
    private final List<KernelChange> groupPuts = new ArrayList<>();
    private int nextId;

    NextHopPool(List<NextHop> observed, int protocol, int firstId) {
        this.protocol = protocol;
        this.nextId = firstId;
        for (NextHop nextHop : observed) {
            takenIds.add(nextHop.id());
            if (nextHop.protocol() == protocol) {
                own.put(nextHop.id(), nextHop);
            } else if (nextHop.target() instanceof Group group) {
                group.members().forEach(member -> membersOfForeign.add(member.id()));
            }
        }
        indexLegs();
    }

    /** Of two objects for one leg, which only someone else can have made, that which a group has: its buckets need not move. */
    private void indexLegs() {
        boolean unique = true;
        for (NextHop nextHop : own.values()) {
            if (nextHop.target() instanceof Leg leg) {
                unique &= legIds.putIfAbsent(leg.withoutState(), nextHop.id()) == null;
            }
        }
        if (!unique) {
            for (int id : own.keySet()) {
                group(id).ifPresent(group -> group.members()
                        .forEach(member -> leg(member.id()).ifPresent(leg -> legIds.put(leg, member.id()))));
            }
        }
    }

    /** The own leg of this id. */
    private Optional<Leg> leg(int id) {
        return Optional.ofNullable(own.get(id))
                .filter(nextHop -> nextHop.target() instanceof Leg)
                .map(nextHop -> (Leg) nextHop.target())
                .map(Leg::withoutState);
    }

    /** The own group of this id. */
    private Optional<Group> group(int id) {
        return Optional.ofNullable(own.get(id))
                .filter(nextHop -> nextHop.target() instanceof Group)
                .map(nextHop -> (Group) nextHop.target());
    }

    /** Whether the kernel has the agent's own object for this leg. */
    boolean hasLeg(Leg leg) {
        return legIds.containsKey(leg);
    }

    /** The own legs that this own group or leg leads to; none for anything else. */
    List<Leg> legsOf(int id) {
        List<Leg> legs = new ArrayList<>();
        group(id)
                .ifPresentOrElse(
                        group -> group.members()
                                .forEach(member -> leg(member.id()).ifPresent(legs::add)),
                        () -> leg(id).ifPresent(legs::add));
        return legs;
    }

    /** The id of the object for a leg, which is put there if it is missing. */
    int useLeg(Leg leg) {
        Integer known = legIds.get(leg);
        int id = known != null ? known : freeId();
        if (known == null) {
            legIds.put(leg, id);
            legPuts.add(new PutNextHop(new NextHop(id, protocol, leg)));
        }
        used.add(id);
        return id;
    }

    /** Whether the group of this id is the agent's own, still free, and can become one of this resilience: buckets never change. */
    boolean canBecome(int id, Resilience resilience) {
        return !used.contains(id)
                && group(id)
                        .flatMap(Group::resilience)
                        .filter(present -> present.buckets() == resilience.buckets())
                        .isPresent();
    }

    /** An own group that is just this, and free. */
    OptionalInt findGroup(Group wanted, IntPredicate isFree) {
        if (groupIds.isEmpty()) {
            own.keySet().forEach(this::indexGroup);
        }
        return groupIds.getOrDefault(Content.of(wanted), List.of()).stream()
                .mapToInt(Integer::intValue)
                .filter(id -> !used.contains(id) && isFree.test(id))
                .findFirst();
    }

    private void indexGroup(int id) {
        group(id).ifPresent(group -> groupIds.computeIfAbsent(Content.of(group), none -> new ArrayList<>(1))
                .add(id));
    }

    /** Makes the group of this id what is wanted; replaced in place, it keeps its buckets. */
    void useGroup(int id, Group wanted) {
        used.add(id);
        if (group(id).filter(present -> isSame(present, wanted)).isEmpty()) {
            groupPuts.add(new PutNextHop(new NextHop(id, protocol, wanted)));
        }
    }

    /** Leaves an own object, and what it consists of, as it is. */
    void keep(int id) {
        used.add(id);
        group(id).ifPresent(group -> group.members().forEach(member -> used.add(member.id())));
    }

    /** An id that nobody has. */
    int freeId() {
        while (!takenIds.add(nextId)) {
            nextId++;
        }
        return nextId++;
    }

    /** Legs before the groups that need them. */
    List<KernelChange> puts() {
        List<KernelChange> puts = new ArrayList<>(legPuts);
        puts.addAll(groupPuts);
        return puts;
    }

    /**
     * Own objects that nothing needs, groups before their legs: the kernel takes a leg out of a group, and a group out of a route, without
     * a word.
     *
     * @param isNeeded by someone else
     */
    List<KernelChange> removals(IntPredicate isNeeded) {
        own.keySet().stream()
                .filter(id -> isNeeded.test(id) || membersOfForeign.contains(id))
                .toList()
                .forEach(this::keep);
        List<KernelChange> groups = new ArrayList<>();
        List<KernelChange> legs = new ArrayList<>();
        for (NextHop nextHop : own.values()) {
            if (!used.contains(nextHop.id())) {
                (nextHop.target() instanceof Group ? groups : legs).add(new RemoveNextHop(nextHop));
            }
        }
        groups.addAll(legs);
        return groups;
    }

    /** Most often in the same order too. */
    private static boolean isSame(Group present, Group wanted) {
        return present.equals(wanted) || Content.of(present).equals(Content.of(wanted));
    }

    /** What a group is, whatever the order of its members. */
    private record Content(Set<Member> members, Optional<Resilience> resilience) {
        /** The kernel counts in these (clock_t). */
        private static final long TIMER_UNIT_MS = 10;

        static Content of(Group group) {
            return new Content(Set.copyOf(group.members()), group.resilience().map(Content::rounded));
        }

        private static Resilience rounded(Resilience resilience) {
            return new Resilience(
                    resilience.buckets(), rounded(resilience.idleTimer()), rounded(resilience.unbalancedTimer()));
        }

        private static Duration rounded(Duration timer) {
            return Duration.ofMillis(timer.toMillis() / TIMER_UNIT_MS * TIMER_UNIT_MS);
        }
    }
}
