package io.penstock.forwarder.udp;

import java.util.concurrent.atomic.AtomicInteger;

/** How many sessions the process may have, each of which holds a descriptor. Safe from any thread. */
public final class SessionLimit {
    private final AtomicInteger open = new AtomicInteger();
    private volatile int max;

    /** @param max at least 1 */
    public SessionLimit(int max) {
        this.max = max;
    }

    /** What is open beyond it stays. */
    public void change(int max) {
        this.max = max;
    }

    public int max() {
        return max;
    }

    public int open() {
        return open.get();
    }

    /** Takes room for one, which {@link #leave} gives back. */
    boolean tryEnter() {
        if (open.get() >= max) {
            return false;
        }
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Of one that came from another process, for which there is room in any case. */
    void enter() {
        open.incrementAndGet();
    }

    void leave() {
        open.decrementAndGet();
    }
}
