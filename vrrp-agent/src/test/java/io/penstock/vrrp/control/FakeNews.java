package io.penstock.vrrp.control;

import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.KernelEvent;
import io.penstock.netlink.Link;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** Tells what a test wants. */
final class FakeNews implements KernelNews {
    private final EventFd readable;
    private final Queue<KernelEvent> queue = new ArrayDeque<>();
    boolean silent;

    FakeNews(Syscalls syscalls) {
        readable = new EventFd(syscalls);
    }

    static Link link(int index, String name, boolean up, boolean carrier) {
        return new Link(index, name, up, carrier, false, 1500, Optional.of("02:00:00:00:00:01"), Optional.empty());
    }

    static InterfaceAddress address(int index, IpAddress address, int flags, int mark) {
        int prefixBits = address.isIpv4() ? 24 : 64;
        return new InterfaceAddress(index, address, prefixBits, flags, 0, mark, InterfaceAddress.FOREVER);
    }

    void tell(KernelEvent... events) {
        queue.addAll(List.of(events));
        readable.raise();
    }

    @Override
    public int fd() {
        return readable.fd;
    }

    @Override
    public boolean take(Interfaces into) throws IOException {
        readable.lower();
        if (silent) {
            throw new IOException("no answer of the kernel");
        }
        boolean changed = false;
        for (KernelEvent event = queue.poll(); event != null; event = queue.poll()) {
            changed |= into.apply(event);
        }
        return changed;
    }

    @Override
    public void close() {
        readable.close();
    }
}
