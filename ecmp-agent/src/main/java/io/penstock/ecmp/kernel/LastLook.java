package io.penstock.ecmp.kernel;

import io.penstock.ecmp.kernel.KernelChange.PutAddress;
import io.penstock.ecmp.kernel.KernelChange.PutNextHop;
import io.penstock.ecmp.kernel.KernelChange.PutRoute;
import io.penstock.ecmp.kernel.KernelChange.RemoveAddress;
import io.penstock.ecmp.kernel.KernelChange.RemoveNextHop;
import io.penstock.ecmp.kernel.KernelChange.RemoveRoute;
import io.penstock.lease.AddressOwners;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.NextHops;
import io.penstock.netlink.Request;
import io.penstock.netlink.Route;
import io.penstock.netlink.Routes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose is what, as of the last look at the kernel and the changes made since. What was not there is added and never replaces what
 * someone else has put there meanwhile; what was someone else's is neither replaced nor removed. What is the agent's own is what
 * carries the protocol number of the change. NOT thread safe.
 */
final class LastLook {
    private record RouteKey(IpPrefix destination, int table, long metric) {
        static RouteKey of(Route route) {
            return new RouteKey(route.destination(), route.table(), Routes.effectiveMetric(route));
        }
    }

    private final AddressOwners addresses;
    private final Map<Integer, Integer> nextHops = new HashMap<>();

    /** Each list in the kernel's order. */
    private final Map<RouteKey, List<Route>> routes = new HashMap<>();

    /** Before the first look: nothing is known to be there. */
    LastLook() {
        addresses = new AddressOwners(List.of());
    }

    LastLook(KernelState state) {
        addresses = new AddressOwners(state.addresses());
        state.nextHops().forEach(nextHop -> nextHops.put(nextHop.id(), nextHop.protocol()));
        state.routes().forEach(route -> routesLike(route).add(route));
    }

    /** Why a change must not be made: it would hit what is someone else's. */
    Optional<String> objection(KernelChange change) {
        if (change instanceof PutAddress put) {
            return addresses.objection(put.address());
        }
        if (change instanceof RemoveAddress remove) {
            return addresses.objection(remove.address());
        }
        if (change instanceof PutNextHop put) {
            return objection(put.nextHop());
        }
        if (change instanceof RemoveNextHop remove) {
            return objection(remove.nextHop());
        }
        if (change instanceof PutRoute put) {
            Route route = put.route();
            return Routes.replaced(route, known(route))
                    .filter(replaced -> replaced.protocol() != route.protocol())
                    .map(replaced -> others("a route to " + route.destination(), replaced.protocol()));
        }
        // The kernel itself compares the protocol when a route is removed.
        return Optional.empty();
    }

    private Optional<String> objection(NextHop nextHop) {
        return objection("nexthop " + nextHop.id(), nextHops.get(nextHop.id()), nextHop.protocol());
    }

    /** @param owner null for nobody */
    private static Optional<String> objection(String what, Integer owner, int protocol) {
        return owner == null || owner == protocol ? Optional.empty() : Optional.of(others(what, owner));
    }

    private static String others(String what, int protocol) {
        return what + " is there already and not ours (protocol " + protocol + ")";
    }

    /** What to ask of the kernel for a change that nothing speaks against. */
    Request request(KernelChange change) {
        if (change instanceof PutAddress put) {
            return addresses.putting(put.address());
        }
        if (change instanceof RemoveAddress remove) {
            return Addresses.remove(remove.address());
        }
        if (change instanceof PutNextHop put) {
            boolean present = nextHops.containsKey(put.nextHop().id());
            return present ? NextHops.put(put.nextHop()) : NextHops.add(put.nextHop());
        }
        if (change instanceof RemoveNextHop remove) {
            return NextHops.remove(remove.nextHop().id());
        }
        if (change instanceof PutRoute put) {
            return known(put.route()).isEmpty() ? Routes.add(put.route()) : Routes.put(put.route());
        }
        return Routes.remove(((RemoveRoute) change).route());
    }

    /** Whether it is to remove what is not there: then nobody else's of that name must go instead. */
    boolean isGone(KernelChange change) {
        if (change instanceof RemoveAddress remove) {
            return !addresses.has(remove.address());
        }
        return change instanceof RemoveNextHop remove
                && !nextHops.containsKey(remove.nextHop().id());
    }

    /** The kernel did as it was asked. */
    void made(KernelChange change) {
        if (change instanceof PutAddress put) {
            addresses.put(put.address());
        } else if (change instanceof RemoveAddress remove) {
            addresses.removed(remove.address());
        } else if (change instanceof PutNextHop put) {
            nextHops.put(put.nextHop().id(), put.nextHop().protocol());
        } else if (change instanceof RemoveNextHop remove) {
            nextHops.remove(remove.nextHop().id());
        } else if (change instanceof PutRoute put) {
            replace(put.route());
        } else if (change instanceof RemoveRoute remove) {
            routesLike(remove.route()).remove(remove.route());
        }
    }

    private void replace(Route route) {
        List<Route> there = routesLike(route);
        Optional<Route> replaced = Routes.replaced(route, there);
        if (replaced.isPresent()) {
            there.set(there.indexOf(replaced.get()), route);
        } else {
            there.add(route);
        }
    }

    private List<Route> known(Route route) {
        return routes.getOrDefault(RouteKey.of(route), List.of());
    }

    private List<Route> routesLike(Route route) {
        return routes.computeIfAbsent(RouteKey.of(route), none -> new ArrayList<>(1));
    }
}
