package io.penstock.ecmp.control;

import io.penstock.ecmp.config.EcmpConfig;

/** Tells that something has changed in the kernel. Of the agent's thread. */
public interface KernelNews extends AutoCloseable {
    /** Readable when there may be something to {@link #take}. */
    int fd();

    /** What is of interest from now on; protocol and ids stay what they were at first. */
    void watch(EcmpConfig config);

    /**
     * Takes what was told so far.
     *
     * @return whether it is reason to look at the kernel
     */
    boolean take(AgentFigures figures);

    @Override
    void close();
}
