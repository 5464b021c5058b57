package io.penstock.forwarder.xdp.backend;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What calls on this host have prepared it for, and what they have changed: so that each leaves what another needs, and undoing leaves
 * what somebody else has put. What the kernel does not have any more is forgotten. Each change is in the file before it is made. NOT
 * thread safe.
 */
final class HostRecord {
    /** An address that a call has put on an interface. */
    record Placed(String device, IpAddress address) {
        Placed {
            Objects.requireNonNull(device, "device");
            Objects.requireNonNull(address, "address");
        }
    }

    /**
     * A route that a call has given a segment size.
     *
     * @param route as ip(8) shows it, without the segment size
     * @param before what it said of the segment size, as ip(8) takes it; may be empty
     * @param given octets
     */
    record Advertised(String device, boolean ipv4, String route, String before, int given) {
        Advertised {
            Objects.requireNonNull(device, "device");
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(before, "before");
        }

        boolean isOfTheSame(Advertised other) {
            return device.equals(other.device) && ipv4 == other.ipv4 && route.equals(other.route);
        }
    }

    /** As it is in the file. */
    record Contents(List<Claim> claims, List<Placed> addresses, List<String> devices, List<Advertised> routes) {
        static final Contents NOTHING = new Contents(List.of(), List.of(), List.of(), List.of());

        Contents {
            claims = List.copyOf(claims);
            addresses = List.copyOf(addresses);
            devices = List.copyOf(devices);
            routes = List.copyOf(routes);
        }

        boolean isEmpty() {
            return equals(NOTHING);
        }
    }

    private final HostFile file;
    private final List<Claim> claims;
    private final List<Placed> addresses;
    private final List<String> devices;
    private final List<Advertised> routes;

    private HostRecord(HostFile file, Contents contents) {
        this.file = file;
        claims = new ArrayList<>(contents.claims());
        addresses = new ArrayList<>(contents.addresses());
        devices = new ArrayList<>(contents.devices());
        routes = new ArrayList<>(contents.routes());
    }

    /** What the file says, as far as the host is still so. */
    static HostRecord read(HostFile file, Surroundings host) throws IOException {
        HostRecord record = new HostRecord(file, file.load());
        String lo = host.loopback().name();
        record.claims.removeIf(claim -> !host.has(lo, claim.vip()));
        record.addresses.removeIf(placed -> !host.has(placed.device(), placed.address()));
        record.devices.removeIf(device -> host.link(device).isEmpty());
        record.routes.removeIf(route -> host.link(route.device()).isEmpty());
        return record;
    }

    List<Claim> claims() {
        return List.copyOf(claims);
    }

    /** In memory only. A plan that says nothing of sources leaves those of its VIPs. */
    void claim(BackendPlan plan) {
        for (Claim wanted : Claim.of(plan)) {
            Optional<Claim> before = claims.stream().filter(wanted::isOfTheSame).findFirst();
            before.ifPresent(claims::remove);
            claims.add(
                    before.isPresent() && !wanted.sources().isSaid()
                            ? wanted.with(before.get().sources())
                            : wanted);
        }
    }

    /** In memory only. */
    void release(BackendPlan plan) {
        for (Claim released : Claim.of(plan)) {
            claims.removeIf(released::isOfTheSame);
        }
    }

    /** Who may send by ipip to what a name has pinned. */
    Sources sources(String plan) {
        return Sources.together(claims.stream()
                .filter(claim -> claim.plan().equals(plan) && claim.encapsulation() == Encapsulation.IPIP)
                .map(Claim::sources)
                .toList());
    }

    List<Placed> addresses() {
        return List.copyOf(addresses);
    }

    /** Whether a VIP that was put there is still needed there. */
    boolean needs(Placed placed, String loopback) {
        return claims.stream()
                .filter(claim -> claim.vip().equals(placed.address()))
                .anyMatch(claim ->
                        placed.device().equals(loopback) || claim.arrival().equals(placed.device()));
    }

    void placed(Placed placed) throws IOException {
        addresses.remove(placed);
        addresses.add(placed);
        store();
    }

    void removed(Placed placed) throws IOException {
        addresses.remove(placed);
        store();
    }

    boolean hasMade(String device) {
        return devices.contains(device);
    }

    boolean isUsed(String device) {
        return claims.stream().anyMatch(claim -> claim.arrival().equals(device))
                || addresses.stream().anyMatch(placed -> placed.device().equals(device));
    }

    void made(String device) throws IOException {
        devices.remove(device);
        devices.add(device);
        store();
    }

    void unmade(String device) throws IOException {
        devices.remove(device);
        store();
    }

    List<Advertised> routes() {
        return List.copyOf(routes);
    }

    /** In place of what was said of the route. */
    void advertised(Advertised advertised) throws IOException {
        routes.removeIf(advertised::isOfTheSame);
        routes.add(advertised);
        store();
    }

    void forgotten(Advertised advertised) throws IOException {
        routes.remove(advertised);
        store();
    }

    /** Whether no VIP is left, neither one that is served nor one that could not be removed. */
    boolean isDone() {
        return claims.isEmpty() && addresses.isEmpty();
    }

    void store() throws IOException {
        file.store(new Contents(claims, addresses, devices, routes));
    }
}
