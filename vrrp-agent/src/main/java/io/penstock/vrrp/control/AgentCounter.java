package io.penstock.vrrp.control;

/** What the agent's thread counts beside what it counts of each router. */
public enum AgentCounter {
    /** Packets of virtual routers that are not configured here. */
    UNKNOWN_VRIDS,
    /** Times that the kernel told of interfaces or addresses. */
    KERNEL_NEWS,
    /** Times that the kernel gave no answer. */
    KERNEL_FAILURES,
    /** Turns of the agent's thread: waits that ended. */
    TURNS
}
