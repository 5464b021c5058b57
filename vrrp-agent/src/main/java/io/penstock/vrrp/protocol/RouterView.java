package io.penstock.vrrp.protocol;

import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A virtual router at one moment. A value.
 *
 * @param sinceNs when it came into this state, on the agent's clock
 * @param reason why it is in it, for people
 * @param priority in effect
 * @param active who is active as far as is known, this one itself included; empty when nobody was heard
 * @param activePriority what that one last said; 0 when nobody was heard
 * @param interval of the active one: the own, or the one learnt
 */
public record RouterView(
        String name,
        State state,
        long sinceNs,
        String reason,
        int priority,
        Optional<IpAddress> active,
        int activePriority,
        Duration interval) {}
