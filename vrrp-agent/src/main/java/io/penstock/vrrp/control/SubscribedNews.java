package io.penstock.vrrp.control;

import io.penstock.linux.Syscalls;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.KernelEvent;
import io.penstock.netlink.Links;
import io.penstock.netlink.NetlinkSocket;
import io.penstock.netlink.Subscription;
import java.io.IOException;

/** The kernel's own notifications, of links and addresses only: routes may come and go by the million. */
public final class SubscribedNews implements KernelNews {
    private final Subscription subscription;
    private final NetlinkSocket lists;
    private boolean incomplete = true;

    private SubscribedNews(Subscription subscription, NetlinkSocket lists) {
        this.subscription = subscription;
        this.lists = lists;
    }

    /** Of the network namespace of this thread. */
    public static SubscribedNews open(Syscalls syscalls) throws IOException {
        // Before anything is asked for, so that nothing happens in between unheard.
        Subscription subscription = Subscription.toInterfaces(syscalls);
        try {
            return new SubscribedNews(subscription, NetlinkSocket.open(syscalls));
        } catch (IOException e) {
            subscription.close();
            throw e;
        }
    }

    @Override
    public int fd() {
        return subscription.fd();
    }

    @Override
    public boolean take(Interfaces into) throws IOException {
        boolean[] changed = {false};
        subscription.drain(event -> {
            incomplete |= event instanceof KernelEvent.Lost;
            changed[0] |= into.apply(event);
        });
        if (incomplete) {
            into.replace(Links.list(lists), Addresses.list(lists));
            incomplete = false;
            return true;
        }
        return changed[0];
    }

    @Override
    public void close() {
        lists.close();
        subscription.close();
    }
}
