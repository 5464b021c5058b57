package io.penstock.forwarder.operate;

import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** All services at one moment, and what that means for the addresses they listen on. A value. */
public record VipReport(List<ServiceHealth> services) {
    /** How many of the services on an address must serve for it to count as served. */
    public enum Policy {
        /** All that no operator has closed. */
        ALL,
        ANY
    }

    public VipReport {
        services = List.copyOf(services);
    }

    /** Every address that is listened on by name, and {@code 0.0.0.0} and {@code ::} where one stands for all. */
    public List<VipHealth> all(Policy policy) {
        Set<IpAddress> vips = new TreeSet<>();
        services.stream().flatMap(service -> service.listen().stream()).forEach(listen -> {
            switch (listen.reach()) {
                case ADDRESS -> vips.add(listen.address());
                case EVERY_ADDRESS -> vips.addAll(List.of(IpAddress.ANY_IPV4, IpAddress.ANY_IPV6));
                case NOWHERE -> {}
            }
        });
        return vips.stream().flatMap(vip -> of(vip, policy).stream()).toList();
    }

    /** Empty when nobody listens there. */
    public Optional<VipHealth> of(IpAddress vip, Policy policy) {
        List<ServiceHealth> there =
                services.stream().filter(service -> service.covers(vip)).toList();
        if (there.isEmpty()) {
            return Optional.empty();
        }
        List<ServiceHealth> open = there.stream().filter(ServiceHealth::enabled).toList();
        if (open.isEmpty()) {
            return Optional.of(new VipHealth(vip, ServingState.NOT_SERVED, reason(there), there));
        }
        ServingState state = policy == Policy.ALL ? all(open) : any(open);
        List<ServiceHealth> blamed =
                open.stream().filter(one -> isBlamed(one.state(), state)).toList();
        return Optional.of(new VipHealth(vip, state, reason(blamed), there));
    }

    private static boolean isBlamed(ServingState service, ServingState vip) {
        return vip == ServingState.DEGRADED ? service != ServingState.SERVED : service == vip;
    }

    /** The worst there is. One that is known not to be served counts for more than others that are not known. */
    private static ServingState all(List<ServiceHealth> open) {
        return worst(open, ServingState.DRAINING, ServingState.NOT_SERVED, ServingState.UNKNOWN, ServingState.DEGRADED);
    }

    private static ServingState any(List<ServiceHealth> open) {
        if (open.stream().anyMatch(service -> service.state().isServed())) {
            boolean whole = open.stream().allMatch(service -> service.state() == ServingState.SERVED);
            return whole ? ServingState.SERVED : ServingState.DEGRADED;
        }
        // Who is not known yet may come to serve it.
        return worst(open, ServingState.DRAINING, ServingState.UNKNOWN, ServingState.NOT_SERVED);
    }

    private static ServingState worst(List<ServiceHealth> open, ServingState... inThisOrder) {
        for (ServingState state : inThisOrder) {
            if (open.stream().anyMatch(service -> service.state() == state)) {
                return state;
            }
        }
        return ServingState.SERVED;
    }

    /** Services that say the same are named together. */
    private static String reason(List<ServiceHealth> blamed) {
        List<String> reasons = new ArrayList<>();
        blamed.stream()
                .map(ServiceHealth::reason)
                .filter(reason -> !reason.isEmpty())
                .distinct()
                .forEach(reason -> reasons.add(blamed.stream()
                                .filter(service -> service.reason().equals(reason))
                                .map(ServiceHealth::name)
                                .collect(Collectors.joining(", "))
                        + ": " + reason));
        return String.join("; ", reasons);
    }
}
