package io.penstock.forwarder.table;

import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The addresses of this host that connections to one backend come from, and how many ports each uses. A port is free
 * again for each other address and for each other backend: there are as many as the kernel gives out, times sources, times backends.
 * The same object in every table that holds the backend. Safe from any thread.
 */
public final class SourcePorts {
    /** The one source where the kernel chooses. */
    public static final int KERNELS_CHOICE = 0;

    private final IpAddress[] sources;
    private final AtomicIntegerArray open;
    private final AtomicLongArray emptyUntilNs;

    private SourcePorts(IpAddress... sources) {
        this.sources = sources;
        open = new AtomicIntegerArray(sources.length);
        emptyUntilNs = new AtomicLongArray(Math.max(1, sources.length));
        for (int i = 0; i < emptyUntilNs.length(); i++) {
            emptyUntilNs.set(i, Long.MIN_VALUE);
        }
    }

    /** The kernel chooses the source. */
    public static SourcePorts ofKernel() {
        return new SourcePorts();
    }

    /** Those of the backend's family. */
    public static SourcePorts towards(IpAddress backend, List<IpAddress> sources) {
        List<IpAddress> usable = new ArrayList<>();
        for (IpAddress source : sources) {
            if (source.isIpv4() == backend.isIpv4()) {
                usable.add(source);
            }
        }
        return new SourcePorts(usable.toArray(new IpAddress[0]));
    }

    /** How many sources are given; 0 when the kernel chooses. */
    public int count() {
        return sources.length;
    }

    public IpAddress source(int index) {
        return sources[index];
    }

    public void onTaken(int index) {
        open.getAndIncrement(index);
    }

    public void onReturned(int index) {
        open.getAndDecrement(index);
    }

    /**
     * Of the ports that the kernel gives out, how many no connection of this process to the backend uses from this source.
     * Those of other programs and those that are only remembered (TIME_WAIT) are not known here, so there may be fewer.
     *
     * @param range how many ports the kernel gives out
     */
    public int left(int index, int range) {
        return Math.max(0, range - open.get(index));
    }

    /** Whether the kernel said a moment ago that no port is left: to ask it again would make it look at all of them. */
    public boolean isEmpty(int index, long nowNs) {
        return nowNs < emptyUntilNs.get(index);
    }

    /** A socket that used a port is closed: it is worth while to ask again. */
    public void onFreed(int index) {
        // A write would take the cache line from other workers, and mostly there is nothing to clear.
        if (emptyUntilNs.get(index) != Long.MIN_VALUE) {
            emptyUntilNs.set(index, Long.MIN_VALUE);
        }
    }

    public void onEmpty(int index, long untilNs) {
        emptyUntilNs.set(index, untilNs);
    }
}
