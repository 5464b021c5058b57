package io.penstock.forwarder.xdp;

import io.penstock.net.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether probes get out of this host and their answers in: they are sent to the VIP by the kernel's route to it, to be steered only at
 * the interface that this ends at, and are answered by the VIP. {@code fwd-xdp}'s alone.
 */
final class ProbeWays {
    private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4/conf");

    private static final int STRICT = 1;

    private Set<IpAddress> vips = Set.of();
    private List<String> troubles = List.of();

    /** Whether it has looked at these addresses. */
    boolean isOf(Set<IpAddress> probed) {
        return vips.equals(probed);
    }

    /**
     * Looks again.
     *
     * @param probed that probes go to
     * @param reals that they are meant for
     */
    void follow(Set<IpAddress> probed, Collection<Real> reals, NextHops kernel) {
        vips = Set.copyOf(probed);
        List<String> found = new ArrayList<>();
        Set<Integer> answered = new TreeSet<>();
        reals.forEach(real -> answered.add(real.path().link()));
        answered.remove(0);
        for (IpAddress vip : new TreeSet<>(vips)) {
            Optional<String> none = kernel.noRoute(vip);
            if (none.isPresent()) {
                found.add("health checks of " + vip + " cannot leave this host: " + none.get()
                        + "; they need a route to the VIP, as a default route is, or health-path: direct");
            } else if (vip.isIpv4()) {
                refusals(vip, kernel.linkTo(vip), answered, kernel, found);
            }
        }
        troubles = found;
    }

    /** Strict filters want an answer to come in where a packet to its sender, the VIP, would leave. */
    private static void refusals(IpAddress vip, int link, Set<Integer> answered, NextHops kernel, List<String> found) {
        for (int from : answered) {
            String name = kernel.linkName(from);
            if (link != 0 && from != link && filter(name) == STRICT) {
                found.add("health checks of " + vip + " may fail: rp_filter of " + name
                        + " is strict (1) and drops answers of the VIP there, as the route to it leaves by "
                        + kernel.linkName(link) + ": sysctl -w net.ipv4.conf." + name.replace('.', '/')
                        + ".rp_filter=2");
            }
        }
    }

    /** The greater of the interface's and that of all counts (ip-sysctl of the kernel); 0 when it is not to be read. */
    private static int filter(String link) {
        return Math.max(setting("all"), setting(link));
    }

    private static int setting(String link) {
        Path file = SETTINGS.resolve(link).resolve("rp_filter");
        try {
            return Integer.parseInt(
                    Files.readString(file, StandardCharsets.UTF_8).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    List<String> troubles() {
        return troubles;
    }
}
