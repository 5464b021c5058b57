package io.penstock.bgp.control;

import io.penstock.bgp.policy.Condition;
import java.util.Map;

/** What is known of the VIPs, by name. Asked on the agent's thread; must not block. */
@FunctionalInterface
public interface Conditions {
    /** One that nothing is known of yet may be missing. */
    Map<String, Condition> now();
}
