package io.penstock.forwarder.control;

import io.penstock.forwarder.control.MemberState.Status;
import io.penstock.forwarder.operate.ServingState;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whether a pool has somebody to serve clients. A value.
 *
 * @param reason one line; empty when it serves as it should
 * @param up members that take new connections
 * @param panic whether they do whatever their health
 */
record PoolStanding(ServingState state, String reason, int up, int members, boolean panic) {
    /** Of these members, so many of which are in the table. */
    static PoolStanding of(Collection<Member> members, int up, boolean panic) {
        if (up == 0) {
            return new PoolStanding(
                    ServingState.NOT_SERVED, "no backend is up" + whatElse(members), 0, members.size(), panic);
        }
        String reason = "too few backends are healthy, so health is ignored" + whatElse(members);
        return panic
                ? new PoolStanding(ServingState.DEGRADED, reason, up, members.size(), true)
                : new PoolStanding(ServingState.SERVED, "", up, members.size(), false);
    }

    /** Such as {@code  (down 3, maintenance 1)}. */
    private static String whatElse(Collection<Member> members) {
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        members.forEach(member -> counts.merge(member.state().status(), 1, Integer::sum));
        return counts.isEmpty()
                ? " (none has an address)"
                : counts.entrySet().stream()
                        .map(count -> count.getKey().label() + " " + count.getValue())
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    /** One that comes back is not the first for long: see {@link Verdicts}. */
    boolean isWithoutBackends() {
        return state == ServingState.NOT_SERVED && up == 0;
    }

    /** Before its checks have said something of each backend. */
    PoolStanding unfinished(ServingState until) {
        return new PoolStanding(until, "not every backend's health is known yet", up, members, panic);
    }

    /** Before its checks say something. */
    PoolStanding unknown() {
        return new PoolStanding(ServingState.UNKNOWN, "no check has had a result", up, members, panic);
    }
}
