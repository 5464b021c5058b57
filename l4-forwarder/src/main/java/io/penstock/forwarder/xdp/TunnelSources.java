package io.penstock.forwarder.xdp;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The outer source addresses of tunnels: configured, or the address of the interface that they leave by. {@code fwd-xdp}'s alone. */
final class TunnelSources {
    private final PlaneMaps maps;
    private Numbers written;
    private List<String> troubles = List.of();

    private record Numbers(int newFlows, int entropyBits, IpAddress local4, IpAddress local6) {}

    TunnelSources(PlaneMaps maps) {
        this.maps = maps;
    }

    /** Writes what has changed, with the other numbers that go for all services. */
    void follow(XdpSettings settings, NextHops kernel, Collection<Real> reals) {
        List<String> missing = new ArrayList<>();
        Numbers numbers = new Numbers(
                settings.newFlows(),
                settings.entropyBits(),
                settings.tunnelSource4().orElseGet(() -> own(kernel, reals, true, missing)),
                settings.tunnelSource6().orElseGet(() -> own(kernel, reals, false, missing)));
        troubles = missing;
        if (!numbers.equals(written)) {
            maps.putNumbers(numbers.newFlows, numbers.entropyBits, numbers.local4, numbers.local6);
            written = numbers;
        }
    }

    private static IpAddress own(NextHops kernel, Collection<Real> reals, boolean ipv4, List<String> missing) {
        Optional<Real> tunnel = reals.stream()
                .filter(real -> real.encapsulation() != Encapsulation.L2
                        && real.address().isIpv4() == ipv4
                        && real.path().link() != 0)
                .findFirst();
        Optional<IpAddress> own =
                tunnel.flatMap(real -> kernel.addressOf(real.path().link(), ipv4));
        if (tunnel.isPresent() && own.isEmpty()) {
            missing.add(kernel.linkName(tunnel.get().path().link()) + " has no IPv" + (ipv4 ? 4 : 6)
                    + " address for tunnels to come from: say xdp.tunnel-source");
        }
        return own.orElse(ipv4 ? IpAddress.ANY_IPV4 : IpAddress.ANY_IPV6);
    }

    List<String> troubles() {
        return troubles;
    }
}
