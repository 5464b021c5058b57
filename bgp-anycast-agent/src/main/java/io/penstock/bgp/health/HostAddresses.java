package io.penstock.bgp.health;

import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.KernelEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The addresses that this host can be reached by, on whichever interfaces: also on one that is set down, whose IPv4 addresses the kernel
 * still serves. An IPv6 address does not count while it is being asked whether anybody else has it, nor when somebody has. Safe from any
 * thread.
 */
final class HostAddresses {
    private static final int NOT_USABLE = InterfaceAddress.IFA_F_TENTATIVE | InterfaceAddress.IFA_F_DADFAILED;

    /** This and the next: guarded by this. Where each is: it may be on several interfaces, and on one with several lengths. */
    private final Set<Place> places = new HashSet<>();

    private final Map<IpAddress, Integer> counts = new HashMap<>();

    private record Place(int linkIndex, IpAddress address, int prefixBits) {
        static Place of(InterfaceAddress address) {
            return new Place(address.linkIndex(), address.address(), address.prefixBits());
        }
    }

    synchronized boolean has(IpAddress address) {
        return counts.containsKey(address);
    }

    /** All there are; whether they are others than those that were known. */
    synchronized boolean replace(List<InterfaceAddress> all) {
        Set<IpAddress> before = Set.copyOf(counts.keySet());
        places.clear();
        counts.clear();
        all.stream().filter(HostAddresses::isUsable).forEach(address -> add(Place.of(address)));
        return !before.equals(counts.keySet());
    }

    /** Whether one came or went by this. */
    synchronized boolean apply(KernelEvent event) {
        if (event instanceof KernelEvent.AddressChanged changed) {
            InterfaceAddress address = changed.address();
            return isUsable(address) ? add(Place.of(address)) : remove(Place.of(address));
        }
        return event instanceof KernelEvent.AddressRemoved removed && remove(Place.of(removed.address()));
    }

    private static boolean isUsable(InterfaceAddress address) {
        return (address.flags() & NOT_USABLE) == 0;
    }

    private boolean add(Place place) {
        return places.add(place) && counts.merge(place.address(), 1, Integer::sum) == 1;
    }

    /** It may not be known: what happened shortly before all were asked for is told after. */
    private boolean remove(Place place) {
        return places.remove(place)
                && counts.computeIfPresent(place.address(), (address, count) -> count == 1 ? null : count - 1) == null;
    }
}
