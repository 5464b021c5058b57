package io.penstock.vrrp.protocol;

import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.List;

/**
 * A virtual router as far as the state machine knows it.
 *
 * @param interval of its own advertisements
 * @param preempt whether it takes over from one of lower priority; the owner always does
 * @param preemptDelay how long it leaves one of lower priority alone after it has started or a fault has gone
 * @param stepDownWhenLate whether it stops being active when no advertisement went in time; see {@link VirtualRouter}
 * @param addresses that it advertises
 */
public record RouterSettings(
        String name,
        Version version,
        int vrid,
        Duration interval,
        boolean preempt,
        Duration preemptDelay,
        boolean stepDownWhenLate,
        List<IpAddress> addresses) {
    public RouterSettings {
        addresses = List.copyOf(addresses);
    }
}
