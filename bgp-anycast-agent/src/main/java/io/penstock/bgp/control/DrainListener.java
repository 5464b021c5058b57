package io.penstock.bgp.control;

/** Told of drains by order, on the agent's thread; must not block. */
public interface DrainListener {
    /**
     * The drain of this VIP is over, and the daemon does not have it any more: nobody new will come. Told again after a restart of the
     * agent while the order stands.
     */
    void onWithdrawnAfterDrain(String vip);

    /** Its drain was revoked: it is to be announced again as soon as it can be served. */
    void onResume(String vip);
}
