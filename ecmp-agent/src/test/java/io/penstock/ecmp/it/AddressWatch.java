package io.penstock.ecmp.it;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.IpAddress;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.KernelEvent;
import io.penstock.netlink.NetlinkSocket;
import io.penstock.netlink.Subscription;
import io.penstock.testing.NetworkNamespace;
import java.io.IOException;
import java.util.Optional;

/** One address of a network namespace, as the kernel tells of it. Of the test's thread. */
final class AddressWatch implements AutoCloseable {
    private final IpAddress address;
    private final Subscription subscription;
    private final NetlinkSocket socket;
    private long puts;
    private long removals;

    private AddressWatch(IpAddress address, Subscription subscription, NetlinkSocket socket) {
        this.address = address;
        this.subscription = subscription;
        this.socket = socket;
    }

    static AddressWatch of(NetworkNamespace namespace, String address) throws Exception {
        IpAddress parsed = IpAddress.parse(address).orElseThrow();
        return namespace.call(() -> {
            LinuxSyscalls syscalls = new LinuxSyscalls();
            return new AddressWatch(parsed, Subscription.open(syscalls), NetlinkSocket.open(syscalls));
        });
    }

    /** As it is there now. */
    Optional<InterfaceAddress> look() throws IOException {
        return Addresses.list(socket).stream()
                .filter(one -> one.address().equals(address))
                .findFirst();
    }

    boolean isThere() throws IOException {
        return look().isPresent();
    }

    /** How often it was added or refreshed since the watch began. */
    long puts() throws IOException {
        drain();
        return puts;
    }

    /** How often it was removed, by whomever, since the watch began. */
    long removals() throws IOException {
        drain();
        return removals;
    }

    private void drain() throws IOException {
        subscription.drain(event -> {
            if (event instanceof KernelEvent.AddressChanged changed
                    && changed.address().address().equals(address)) {
                puts++;
            } else if (event instanceof KernelEvent.AddressRemoved removed
                    && removed.address().address().equals(address)) {
                removals++;
            } else if (event instanceof KernelEvent.Lost) {
                throw new IllegalStateException("events were lost");
            }
        });
    }

    void awaitThere() throws Exception {
        NetworkNamespace.await(address + " is there", this::isThere);
    }

    void awaitGone() throws Exception {
        NetworkNamespace.await(address + " is gone", () -> !isThere());
    }

    /** Until it was refreshed so many times more. */
    void awaitPuts(int more) throws Exception {
        long before = puts();
        NetworkNamespace.await(address + " is refreshed", () -> puts() >= before + more);
    }

    @Override
    public void close() {
        subscription.close();
        socket.close();
    }
}
