package io.penstock.vrrp.simulate;

import io.penstock.vrrp.protocol.Action.Notice;
import io.penstock.vrrp.protocol.Transition;

/** Sees what happens in a simulation, in order; instants are nanoseconds since its begin. */
public interface Witness {
    void onTransition(String host, Transition transition);

    void onSent(String host, int priority, long nowNs);

    void onNotice(String host, Notice notice, long nowNs);

    void onAnnounced(String host, String reason, long nowNs);

    /** The host has the VIP from now on, or no more. */
    void onVip(String host, boolean present, long nowNs);
}
