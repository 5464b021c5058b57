package io.penstock.vrrp.address;

import io.penstock.linux.Errno;
import io.penstock.net.IpAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.Sysctls;
import io.penstock.vrrp.address.Vip.Place;
import io.penstock.vrrp.wire.Wire;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the network where VIPs are. NOT thread safe. */
final class Announcer {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final Wire wire;
    private final Sysctls sysctls;

    /** By interface: whether this host forwards IPv6 there. Learnt beforehand, for who takes over has no time for it. */
    private final Map<String, Boolean> forwarding = new HashMap<>();

    /** Interfaces where the last announcement was refused. */
    private final Map<Integer, Integer> refusals = new HashMap<>();

    Announcer(Wire wire, Sysctls sysctls) {
        this.wire = wire;
        this.sysctls = sysctls;
    }

    /** Learns what announcements of these say of the host; again and again, for the kernel does not tell when it changes. */
    void learn(KernelView view, Set<Place> places) {
        forwarding.clear();
        for (Place place : places) {
            if (!place.address().isIpv4()) {
                view.link(place.interfaceName())
                        .ifPresent(link -> forwarding.computeIfAbsent(link.name(), this::isForwarding));
            }
        }
    }

    /**
     * Each address so many times, all of them once before any a second time.
     *
     * @return how many announcements have left
     */
    int announce(List<Vip> vips, int copies) {
        int left = 0;
        for (int i = 0; i < copies; i++) {
            for (Vip vip : vips) {
                Optional<Link> link = vip.link();
                if (link.isPresent() && announce(link.get(), vip.place().address())) {
                    left++;
                }
            }
        }
        return left;
    }

    /** Whether it has left. */
    private boolean announce(Link link, IpAddress address) {
        if (link.hardwareAddress().isEmpty()) {
            return false;
        }
        boolean forwards = !address.isIpv4() && forwarding.getOrDefault(link.name(), false);
        int result = wire.announce(link.index(), link.hardwareAddress().get(), address, forwards);
        Integer before = result < 0 ? refusals.put(link.index(), result) : refusals.remove(link.index());
        if (result < 0 && (before == null || before != result)) {
            LOG.warn(
                    "event=not-announced interface={} address={} cause=\"{}\"",
                    link.name(),
                    address,
                    Errno.describe(-result));
        }
        return result >= 0;
    }

    private boolean isForwarding(String interfaceName) {
        String key = "net.ipv6.conf." + interfaceName.replace('.', '/') + ".forwarding";
        try {
            return sysctls.exists(key) && !sysctls.read(key).equals("0");
        } catch (IOException e) {
            // Without IPv6 there, nothing is announced there either.
            return false;
        }
    }
}
