package io.penstock.bgp.control;

import io.penstock.bgp.route.LargeCommunity;

/** Told on the agent's thread; must not block. */
@FunctionalInterface
public interface ChargeListener {
    /**
     * From now on the agent's paths are marked so; told before the first is announced, and again when the mark changes.
     *
     * @param owner which only the agent's own paths have
     */
    void onCharge(LargeCommunity owner);
}
