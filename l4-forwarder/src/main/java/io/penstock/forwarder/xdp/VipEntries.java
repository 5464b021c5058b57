package io.penstock.forwarder.xdp;

import static io.penstock.linux.SocketConstants.IPPROTO_TCP;
import static io.penstock.linux.SocketConstants.IPPROTO_UDP;

import io.penstock.forwarder.table.PacketService;
import io.penstock.forwarder.table.PacketVip;
import io.penstock.forwarder.table.Transport;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The addresses of all services, as the program looks them up: a single port by itself, ranges of ports of one address and protocol
 * together, and every address once more for what has no port. What is more than there is room for is left out, and said.
 */
final class VipEntries {
    private record Host(IpAddress address, int protocol) {}

    private final List<VipEntry> entries = new ArrayList<>();
    private final List<PortRange> ranges = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();

    private final Map<Host, List<PortRange>> ranged = new LinkedHashMap<>();

    /** Services that have every port that nobody else has. */
    private final Map<Host, Integer> any = new LinkedHashMap<>();

    /** With an entry for what has no port of its own. */
    private final Set<Host> hosts = new HashSet<>();

    private final Set<IpAddress> addresses = new LinkedHashSet<>();
    private int rangeCount;

    private VipEntries() {}

    /** @param services by number */
    static VipEntries of(Map<Integer, PacketService> services) {
        VipEntries all = new VipEntries();
        services.forEach(all::add);
        all.finish();
        return all;
    }

    private void add(int index, PacketService service) {
        int protocol = service.transport() == Transport.UDP ? IPPROTO_UDP : IPPROTO_TCP;
        for (PacketVip vip : service.vips()) {
            if (size() + 2 > Abi.MAX_VIPS) {
                // One for the address itself, if it is new.
                troubles.add(refusal(service, vip) + "there is room for " + Abi.MAX_VIPS + " addresses and ports");
            } else if (!add(new Host(vip.address(), protocol), vip, index)) {
                troubles.add(refusal(service, vip) + "an address has at most " + Abi.RANGES_PER_VIP
                        + " ranges of ports, and there are at most " + Abi.MAX_RANGES + " of all");
            } else {
                addresses.add(vip.address());
            }
        }
    }

    private boolean add(Host host, PacketVip vip, int service) {
        if (!vip.isAnyPort() && vip.firstPort() == vip.lastPort()) {
            entries.add(new VipEntry(vip.address(), vip.firstPort(), host.protocol(), service, 0, 0));
            return true;
        }
        List<PortRange> of = ranged.getOrDefault(host, List.of());
        int taken = of.size() + (any.containsKey(host) ? 1 : 0);
        if (taken == Abi.RANGES_PER_VIP || rangeCount + any.size() == Abi.MAX_RANGES) {
            return false;
        }
        if (vip.isAnyPort()) {
            any.putIfAbsent(host, service);
        } else {
            rangeCount++;
            ranged.computeIfAbsent(host, unused -> new ArrayList<>())
                    .add(new PortRange(vip.firstPort(), vip.lastPort(), service));
        }
        hosts.add(host);
        return true;
    }

    /** Of what will be in the table. */
    private int size() {
        return entries.size() + hosts.size() + addresses.size();
    }

    private static String refusal(PacketService service, PacketVip vip) {
        return "service " + service.name() + ": " + text(vip) + " is not served: ";
    }

    private void finish() {
        any.forEach((host, service) -> {
            List<PortRange> of = ranged.get(host);
            if (of == null) {
                entries.add(new VipEntry(host.address(), 0, host.protocol(), service, 0, 0));
            } else {
                // Behind the others, which are looked at first.
                of.add(new PortRange(0, Endpoint.MAX_PORT, service));
            }
        });
        ranged.forEach((host, of) -> {
            entries.add(new VipEntry(host.address(), 0, host.protocol(), 0, ranges.size(), of.size()));
            ranges.addAll(of);
        });
        addresses.forEach(address -> entries.add(new VipEntry(address, 0, 0, 0, 0, 0)));
    }

    /** As the configuration has them. */
    static List<String> texts(PacketService service) {
        return service.vips().stream().map(VipEntries::text).toList();
    }

    private static String text(PacketVip vip) {
        String address = vip.address().isIpv4() ? vip.address().toString() : "[" + vip.address() + "]";
        if (vip.isAnyPort()) {
            return address + ":*";
        }
        return address + ":" + vip.firstPort() + (vip.lastPort() == vip.firstPort() ? "" : "-" + vip.lastPort());
    }

    List<VipEntry> entries() {
        return entries;
    }

    /** At most {@link Abi#MAX_RANGES}. */
    List<PortRange> ranges() {
        return ranges;
    }

    List<String> troubles() {
        return troubles;
    }

    /** Whether there is nothing to write when the other is written. */
    boolean isWrittenLike(VipEntries other) {
        return entries.equals(other.entries) && ranges.equals(other.ranges);
    }
}
