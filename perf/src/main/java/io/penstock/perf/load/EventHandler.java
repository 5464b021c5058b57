package io.penstock.perf.load;

/** Whoever owns a descriptor that an {@link EventLoop} watches. */
@FunctionalInterface
public interface EventHandler {
    /**
     * Called with what epoll_wait(2) reported.
     *
     * @param events a mask of {@code EPOLL…} bits
     */
    void onEvents(int events);
}
