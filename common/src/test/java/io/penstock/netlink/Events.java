package io.penstock.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.penstock.linux.EpollConstants;
import io.penstock.linux.EpollEvents;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A subscription as a test listens to it: by epoll, keeping all it heard. */
final class Events implements AutoCloseable {
    private static final int WAIT_MS = 10_000;

    private final Syscalls syscalls = new LinuxSyscalls();
    private final EpollEvents ready = new EpollEvents(1);
    private final List<KernelEvent> heard = new ArrayList<>();
    private final Subscription subscription;
    private final int epoll;

    Events(Subscription subscription) {
        this.subscription = subscription;
        epoll = syscalls.epollCreate1(0);
        ready.put(0, EpollConstants.EPOLLIN, 0);
        assertEquals(0, syscalls.epollCtl(epoll, EpollConstants.EPOLL_CTL_ADD, subscription.fd(), ready.address()));
    }

    /** Everything so far. */
    List<KernelEvent> now() throws IOException {
        subscription.drain(heard::add);
        return heard;
    }

    /** The first of its kind, heard already or to come. */
    KernelEvent await(Predicate<KernelEvent> wanted) throws IOException {
        while (true) {
            for (KernelEvent event : now()) {
                if (wanted.test(event)) {
                    return event;
                }
            }
            if (syscalls.epollWait(epoll, ready.address(), 1, WAIT_MS) == 0) {
                fail("not heard of: " + heard);
            }
        }
    }

    Events forget() {
        heard.clear();
        return this;
    }

    @Override
    public void close() {
        syscalls.close(epoll);
        subscription.close();
    }
}
