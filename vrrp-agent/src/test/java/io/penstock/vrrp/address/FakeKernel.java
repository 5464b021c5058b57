package io.penstock.vrrp.address;

import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.vrrp.address.KernelChange.Put;
import io.penstock.vrrp.address.KernelChange.Remove;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Links and addresses of a host on a clock of the test's: addresses whose time is over are gone. */
final class FakeKernel implements AddressKernel {
    private record Kept(InterfaceAddress address, long untilNs) {}

    private static final long SECOND_NS = 1_000_000_000;

    private final Map<String, Link> links = new LinkedHashMap<>();
    private final List<Kept> addresses = new ArrayList<>();

    /** What was asked, a batch each. */
    final List<List<KernelChange>> batches = new ArrayList<>();

    int looks;
    long nowNs;
    boolean answers = true;

    /** Why it puts no address; empty for taking all. */
    Optional<String> refusal = Optional.empty();

    void link(int index, String name, boolean up, String hardwareAddress) {
        links.put(name, new Link(index, name, up, up, false, 1_500, Optional.of(hardwareAddress), Optional.empty()));
        if (!up) {
            addresses.removeIf(kept -> kept.address().linkIndex() == index
                    && !kept.address().address().isIpv4());
        }
    }

    void unplug(String name) {
        int index = links.remove(name).index();
        addresses.removeIf(kept -> kept.address().linkIndex() == index);
    }

    /** As anybody's hand does it. */
    void add(InterfaceAddress address) {
        long untilNs = address.validSeconds() == InterfaceAddress.FOREVER
                ? Long.MAX_VALUE
                : nowNs + address.validSeconds() * SECOND_NS;
        addresses.add(new Kept(address, untilNs));
    }

    void delete(String address) {
        IpAddress gone = IpAddress.parse(address).orElseThrow();
        addresses.removeIf(kept -> kept.address().address().equals(gone));
    }

    /** Whether it has the address now, with whatever mark. */
    boolean has(String address) {
        IpAddress sought = IpAddress.parse(address).orElseThrow();
        return present().stream().anyMatch(one -> one.address().equals(sought));
    }

    List<InterfaceAddress> present() {
        return addresses.stream()
                .filter(kept -> kept.untilNs() > nowNs)
                .map(Kept::address)
                .toList();
    }

    @Override
    public KernelView look() throws IOException {
        looks++;
        if (!answers) {
            throw new IOException("no answer");
        }
        return new KernelView(List.copyOf(links.values()), List.of(), present());
    }

    @Override
    public List<Optional<String>> apply(List<KernelChange> changes) throws IOException {
        batches.add(changes);
        if (!answers) {
            throw new IOException("no answer");
        }
        return changes.stream().map(this::make).toList();
    }

    private Optional<String> make(KernelChange change) {
        if (change instanceof Put put) {
            return put(put.address());
        }
        InterfaceAddress gone = ((Remove) change).address();
        addresses.removeIf(
                kept -> isSame(kept.address(), gone) && kept.address().protocol() == gone.protocol());
        return Optional.empty();
    }

    private Optional<String> put(InterfaceAddress address) {
        boolean others =
                present().stream().anyMatch(one -> isSame(one, address) && one.protocol() != address.protocol());
        if (others) {
            return Optional.of("exists already");
        }
        if (refusal.isPresent()) {
            return refusal;
        }
        addresses.removeIf(kept -> isSame(kept.address(), address));
        add(address);
        return Optional.empty();
    }

    private static boolean isSame(InterfaceAddress one, InterfaceAddress other) {
        return one.linkIndex() == other.linkIndex() && one.address().equals(other.address());
    }

    @Override
    public void close() {}
}
