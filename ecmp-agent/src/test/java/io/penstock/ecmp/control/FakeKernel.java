package io.penstock.ecmp.control;

import io.penstock.ecmp.kernel.Kernel;
import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelChange.PutAddress;
import io.penstock.ecmp.kernel.KernelChange.RemoveAddress;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A kernel with a loopback interface, whose addresses do not lapse. Another thread may look at it and change it. */
final class FakeKernel implements Kernel {
    private static final int LO = 1;

    final Semaphore looks = new Semaphore(0);
    private final BlockingQueue<KernelChange> changes = new LinkedBlockingQueue<>();
    private final List<InterfaceAddress> addresses = new ArrayList<>();
    private boolean silent;
    private Runnable onLook = () -> {};
    private Runnable onChange = () -> {};

    /** What happens during the next look only. */
    synchronized void duringLook(Runnable happens) {
        onLook = happens;
    }

    /** What happens during the next changes only. */
    synchronized void duringChange(Runnable happens) {
        onChange = happens;
    }

    /** Gives no answer from now on, or does again. */
    synchronized void silence(boolean now) {
        silent = now;
    }

    /** Somebody else's, in place of the one that is there. */
    synchronized void put(InterfaceAddress address) {
        remove(address);
        addresses.add(address);
    }

    synchronized void clear() {
        addresses.clear();
    }

    synchronized List<InterfaceAddress> addresses() {
        return List.copyOf(addresses);
    }

    @Override
    public synchronized KernelState observe() throws IOException {
        requireAnswer();
        onLook.run();
        onLook = () -> {};
        looks.release();
        Link lo = new Link(LO, "lo", true, true, true, 65_536, Optional.empty(), Optional.empty());
        return new KernelState(List.of(lo), addresses, List.of(), List.of());
    }

    @Override
    public synchronized List<Optional<String>> apply(List<KernelChange> asked) throws IOException {
        requireAnswer();
        onChange.run();
        onChange = () -> {};
        List<Optional<String>> results = new ArrayList<>();
        for (KernelChange change : asked) {
            if (change instanceof PutAddress put) {
                remove(put.address());
                addresses.add(put.address());
            } else if (change instanceof RemoveAddress remove) {
                remove(remove.address());
            }
            changes.add(change);
            results.add(Optional.empty());
        }
        return results;
    }

    private void remove(InterfaceAddress gone) {
        addresses.removeIf(address -> address.address().equals(gone.address()));
    }

    private void requireAnswer() throws IOException {
        if (silent) {
            throw new IOException("no answer of the kernel");
        }
    }

    /** The next change that was asked for. */
    KernelChange next() throws InterruptedException {
        KernelChange change = changes.poll(20, TimeUnit.SECONDS);
        if (change == null) {
            throw new AssertionError("no change was asked for");
        }
        return change;
    }
}
