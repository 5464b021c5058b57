package io.penstock.vrrp.protocol;

import java.util.List;
import java.util.Optional;

/**
 * Virtual routers that are active together or not at all. Remembers nothing: what is to be done follows from the states of its routers
 * and from which of them has just moved. Whoever carries it out tells of the transitions that come of it too, until nothing follows.
 * NOT thread safe.
 *
 * <ul>
 *   <li>A fault of one is a fault of all, until the last is gone.
 *   <li>One that hears an active router keeps all from becoming active; so does one that cannot send.
 *   <li>One that becomes active makes all active.
 *   <li>One that is active no more makes none active.
 *   <li>One that comes to an active group is active.
 * </ul>
 */
public final class SyncGroup {
    /** What a router is to follow, by {@link VirtualRouter#follow}. */
    public record Follow(String router, State state, String reason) {}

    private final String name;
    private final List<VirtualRouter> routers;

    public SyncGroup(String name, List<VirtualRouter> routers) {
        this.name = name;
        this.routers = List.copyOf(routers);
    }

    public String name() {
        return name;
    }

    /**
     * Looks at the time for one of them. A backup does not become active while another of the group hears somebody who is: that one
     * would have to give way at once, and take all with it, again and again. Nor does it before one that could not send has tried.
     */
    public List<Action> onDeadline(VirtualRouter router, long nowNs) {
        boolean due = router.state() == State.BACKUP && router.deadlineNs() <= nowNs;
        if (due && (isKeptBack(nowNs) || leavesItToUnheard(router, nowNs))) {
            router.awaitGroup();
            return List.of();
        }
        return router.onDeadline(nowNs);
    }

    private boolean isKeptBack(long nowNs) {
        return routers.stream().anyMatch(other -> other.keepsGroupBack(nowNs));
    }

    /** They may have waited for the others until now. */
    private boolean leavesItToUnheard(VirtualRouter router, long nowNs) {
        if (router.isUnheard()) {
            return false;
        }
        List<VirtualRouter> unheard =
                routers.stream().filter(VirtualRouter::isUnheard).toList();
        unheard.forEach(other -> other.askGroupAgain(nowNs));
        return !unheard.isEmpty();
    }

    /** What follows from one of them having gone into another state; empty when all agree, or when it is not of this group. */
    public List<Follow> onTransition(Transition moved) {
        if (routers.stream().noneMatch(router -> router.name().equals(moved.router()))) {
            return List.of();
        }
        Optional<VirtualRouter> faulty =
                routers.stream().filter(VirtualRouter::hasFault).findFirst();
        if (faulty.isPresent()) {
            return follow(State.FAULT, faulty.get().name() + " of its group has a fault", State.BACKUP, State.ACTIVE);
        }
        if (isIn(State.FAULT)) {
            return follow(State.BACKUP, "the fault of its group is gone", State.FAULT);
        }
        return switch (moved.to()) {
            case INITIALIZE, FAULT -> List.of();
            case ACTIVE -> follow(State.ACTIVE, moved.router() + " of its group is active", State.BACKUP);
            case BACKUP ->
                moved.from() == State.ACTIVE
                        ? follow(State.BACKUP, moved.router() + " of its group is no more active", State.ACTIVE)
                        : isIn(State.ACTIVE) ? follow(State.ACTIVE, "its group is active", State.BACKUP) : List.of();
        };
    }

    private boolean isIn(State state) {
        return routers.stream().anyMatch(router -> router.state() == state);
    }

    /** Those that are in one of these states. */
    private List<Follow> follow(State next, String reason, State... from) {
        return routers.stream()
                .filter(router -> List.of(from).contains(router.state()))
                .map(router -> new Follow(router.name(), next, reason))
                .toList();
    }
}
