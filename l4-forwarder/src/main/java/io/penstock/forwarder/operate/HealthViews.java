package io.penstock.forwarder.operate;

import java.util.List;

/** What a running forwarder knows of health, for those who decide by it. Safe from any thread. */
public interface HealthViews {
    /** As of the forwarding table in force; does not wait for the control thread. */
    VipReport vips();

    /** Waits for the control thread. Empty once the forwarder has stopped. */
    List<PoolHealth> pools();

    /** Does not wait. */
    List<TransitionCount> transitions();
}
