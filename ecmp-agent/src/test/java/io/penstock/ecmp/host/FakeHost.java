package io.penstock.ecmp.host;

import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelChange.PutAddress;
import io.penstock.ecmp.kernel.KernelChange.RemoveAddress;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kernel of a host as far as addresses go: it takes and removes them, and lets them go when their lifetime is over. */
final class FakeHost {
    static final int PROTOCOL = 210;
    static final int LO = 1;
    static final int ETH0 = 2;

    /** ADDRCONF_TIMER_FUZZ_MINUS. */
    private static final long EARLY_NS = Duration.ofMillis(20).toNanos();

    private final Map<Key, Entry> addresses = new LinkedHashMap<>();
    private final Map<String, Link> links = new LinkedHashMap<>();
    private boolean news = true;
    private Optional<String> refusal = Optional.empty();

    private final List<KernelChange> trespasses = new ArrayList<>();

    record Key(int linkIndex, IpAddress address, int prefixBits) {}

    private record Entry(InterfaceAddress address, long untilNs) {
        boolean isOurs() {
            return address.protocol() == PROTOCOL;
        }
    }

    FakeHost() {
        link("lo", LO, true);
        link("eth0", ETH0, true);
    }

    void link(String name, int index, boolean up) {
        news = true;
        links.put(name, new Link(index, name, up, up, index == LO, 65_536, Optional.empty(), Optional.empty()));
    }

    void unplug(String name) {
        news = true;
        Link gone = links.remove(name);
        addresses.keySet().removeIf(key -> key.linkIndex() == gone.index());
    }

    void refuse(String words) {
        refusal = Optional.of(words);
    }

    void refuseNothing() {
        refusal = Optional.empty();
    }

    /** Somebody else's doing. */
    void put(InterfaceAddress address, long nowNs) {
        news = true;
        add(address, nowNs);
    }

    private void add(InterfaceAddress address, long nowNs) {
        addresses.put(key(address), new Entry(address, untilNs(address, nowNs)));
    }

    /** Somebody else's doing. */
    void removeOurs(IpAddress address) {
        news = true;
        addresses
                .values()
                .removeIf(entry -> entry.isOurs() && entry.address.address().equals(address));
    }

    /** Somebody else's doing. */
    void removeForeign(IpAddress address) {
        news = true;
        addresses
                .values()
                .removeIf(entry -> !entry.isOurs() && entry.address.address().equals(address));
    }

    /** By itself. */
    void pass(long nowNs) {
        addresses.values().removeIf(entry -> nowNs >= entry.untilNs);
    }

    /** Whether it has told subscribers of something since it was last looked at. */
    boolean hasNews() {
        return news;
    }

    KernelState observe(long nowNs) {
        pass(nowNs);
        news = false;
        List<InterfaceAddress> seen = new ArrayList<>();
        for (Entry entry : addresses.values()) {
            InterfaceAddress address = entry.address;
            long valid = address.validSeconds() == InterfaceAddress.FOREVER
                    ? InterfaceAddress.FOREVER
                    : Math.max(
                            1,
                            -Math.floorDiv(
                                    nowNs - entry.untilNs, Duration.ofSeconds(1).toNanos()));
            seen.add(new InterfaceAddress(
                    address.linkIndex(),
                    address.address(),
                    address.prefixBits(),
                    address.flags(),
                    address.scope(),
                    address.protocol(),
                    valid));
        }
        return new KernelState(List.copyOf(links.values()), seen, List.of(), List.of());
    }

    List<Optional<String>> apply(List<KernelChange> changes, long nowNs) {
        pass(nowNs);
        List<Optional<String>> results = new ArrayList<>();
        for (KernelChange change : changes) {
            results.add(refusal.isPresent() ? refusal : apply(change, nowNs));
        }
        return results;
    }

    private Optional<String> apply(KernelChange change, long nowNs) {
        if (change instanceof PutAddress put) {
            if (links.values().stream()
                    .noneMatch(link -> link.index() == put.address().linkIndex())) {
                return Optional.of("No such device");
            }
            guard(change, put.address());
            add(put.address(), nowNs);
            return Optional.empty();
        }
        InterfaceAddress address = ((RemoveAddress) change).address();
        guard(change, address);
        return addresses.remove(key(address)) == null
                ? Optional.of("Cannot assign requested address")
                : Optional.empty();
    }

    private void guard(KernelChange change, InterfaceAddress address) {
        Entry there = addresses.get(key(address));
        if (address.protocol() != PROTOCOL || (there != null && there.address.protocol() != PROTOCOL)) {
            trespasses.add(change);
        }
    }

    /** Changes that touched what is someone else's. */
    List<KernelChange> trespasses() {
        return trespasses;
    }

    boolean has(IpAddress address, int linkIndex) {
        return ours(address).stream().anyMatch(seen -> seen.linkIndex() == linkIndex);
    }

    List<InterfaceAddress> ours(IpAddress address) {
        return addresses.values().stream()
                .filter(Entry::isOurs)
                .map(Entry::address)
                .filter(seen -> seen.address().equals(address))
                .toList();
    }

    List<InterfaceAddress> foreign() {
        return addresses.values().stream()
                .filter(entry -> !entry.isOurs())
                .map(Entry::address)
                .toList();
    }

    private static Key key(InterfaceAddress address) {
        return new Key(address.linkIndex(), address.address(), address.prefixBits());
    }

    private static long untilNs(InterfaceAddress address, long nowNs) {
        return address.validSeconds() == InterfaceAddress.FOREVER
                ? Long.MAX_VALUE
                : nowNs + Duration.ofSeconds(address.validSeconds()).toNanos() - EARLY_NS;
    }
}
