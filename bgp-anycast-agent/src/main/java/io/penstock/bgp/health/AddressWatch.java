package io.penstock.bgp.health;

import io.penstock.linux.Epoll;
import io.penstock.linux.EpollConstants;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.linux.Wakeup;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.KernelEvent;
import io.penstock.netlink.NetlinkSocket;
import io.penstock.netlink.Subscription;
import io.penstock.process.BugHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the addresses of this network namespace on a thread of its own, {@code bgp-addr}, as the kernel tells what becomes of them;
 * when it tells less than all, all are asked for again. Closed from any thread.
 */
final class AddressWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AddressWatch.class);

    private static final String THREAD = "bgp-addr";
    private static final long KERNEL = 1;
    private static final long WAKEUP = 2;
    private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long CLOSE_MS = 2_000;

    private final HostAddresses addresses;
    private final Listener listener;
    private final Subscription subscription;
    private final NetlinkSocket lists;
    private final Epoll epoll;
    private final Wakeup wakeup;
    private final Thread thread = BugHandler.thread(this::run, THREAD);
    private boolean incomplete;
    private volatile boolean closed;

    /** Told on the thread of the watch; must not block. */
    interface Listener {
        /** An address came or went. */
        void onAddresses();

        /** A second has passed since the last time, or more. */
        void onSecond();
    }

    private AddressWatch(
            HostAddresses addresses,
            Listener listener,
            Subscription subscription,
            NetlinkSocket lists,
            Syscalls syscalls) {
        this.addresses = addresses;
        this.listener = listener;
        this.subscription = subscription;
        this.lists = lists;
        epoll = new Epoll(syscalls);
        wakeup = new Wakeup(syscalls, epoll, WAKEUP);
        int result = epoll.add(subscription.fd(), EpollConstants.EPOLLIN, KERNEL);
        if (result < 0) {
            throw new IllegalStateException("epoll_ctl: " + Errno.describe(-result));
        }
    }

    /**
     * In the network namespace of the caller's thread, whose addresses are known when this returns.
     *
     * @param addresses kept up to date from then on
     * @throws IOException when the kernel does not tell
     */
    static AddressWatch start(HostAddresses addresses, Listener listener, Syscalls syscalls) throws IOException {
        // Before anything is asked for, so that nothing happens in between unheard.
        Subscription subscription = Subscription.toInterfaces(syscalls);
        NetlinkSocket lists = null;
        try {
            lists = NetlinkSocket.open(syscalls);
            boolean unused = addresses.replace(Addresses.list(lists));
        } catch (IOException e) {
            subscription.close();
            if (lists != null) {
                lists.close();
            }
            throw e;
        }
        AddressWatch watch = new AddressWatch(addresses, listener, subscription, lists, syscalls);
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    private void run() {
        long lookNs = System.nanoTime() + LOOK_NS;
        while (!closed) {
            int unused = epoll.await(Math.max(0, lookNs - System.nanoTime()));
            if (take() && !closed) {
                listener.onAddresses();
            }
            if (System.nanoTime() - lookNs >= 0 && !closed) {
                lookNs = System.nanoTime() + LOOK_NS;
                listener.onSecond();
            }
        }
    }

    /** Whether an address came or went. */
    private boolean take() {
        boolean[] changed = {false};
        try {
            subscription.drain(event -> {
                incomplete |= event instanceof KernelEvent.Lost;
                changed[0] |= addresses.apply(event);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (incomplete && askAgain()) || changed[0];
    }

    /** What is known stays until the kernel answers: it is asked in the next turn, a second later at most. */
    private boolean askAgain() {
        try {
            boolean changed = addresses.replace(Addresses.list(lists));
            incomplete = false;
            return changed;
        } catch (IOException e) {
            LOG.warn("event=addresses-not-listed cause=\"{}\"", e.getMessage());
            return false;
        }
    }

    /** Nothing is told any more when this returns. */
    @Override
    public void close() {
        closed = true;
        wakeup.signal();
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            wakeup.close();
            epoll.close();
            lists.close();
            subscription.close();
        }
    }
}
