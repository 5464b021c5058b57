package io.penstock.vrrp.control;

import java.io.IOException;

/** Tells what becomes of interfaces and their addresses. Of the agent's thread. */
public interface KernelNews extends AutoCloseable {
    /** Readable when there may be something to {@link #take}. */
    int fd();

    /**
     * Takes what was told so far; the first time, and after more was told than there was room for, everything.
     *
     * @return whether anything but a lifetime is other than it was
     * @throws IOException when the kernel gives no answer; the next time everything is asked for
     */
    boolean take(Interfaces into) throws IOException;

    @Override
    void close();
}
