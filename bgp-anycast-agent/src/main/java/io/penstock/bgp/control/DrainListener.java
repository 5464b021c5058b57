package io.penstock.bgp.control;

/** Told of drains by order, on the agent's thread; must not block. */
public interface DrainListener {
    /**
     * The drain of this VIP is over, and the daemon does not have it any more: nobody new will come. Told again after a restart of the
     * agent while the order stands.
     */
    void onWithdrawnAfterDrain(String vip);

    /**
     * What was told by {@link #onWithdrawnAfterDrain} was revoked: the VIP is to be announced again as soon as it can be served. Told again
     * after a restart of the agent, until {@link Controller#onGivenBack}.
     */
    void onResume(String vip);
}
