package io.penstock.forwarder.tune;

import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ListenConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.tune.Finding.Verdict;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Addresses that services listen on, those on {@code lo} for one, and packets of clients' addresses. */
final class AddressNeeds {
    private static final int STRICT = 1;

    private AddressNeeds() {}

    static List<Finding> of(ForwarderConfig config, Host host) {
        List<Finding> findings = new ArrayList<>();
        Map<IpAddress, Boolean> needed = needed(config);
        boolean onLoopback = false;
        for (IpAddress address : needed.keySet()) {
            Optional<String> device = host.interfaceOf().apply(address);
            if (device.isEmpty() && needed.get(address)) {
                findings.add(missing(address, host));
            }
            onLoopback |= address.isIpv4() && device.equals(Optional.of("lo"));
        }
        if (onLoopback) {
            arp(host, findings);
        }
        if (isTransparent(config)) {
            reversePath(host, findings);
        }
        return findings;
    }

    /** Of each address whether it has to be there before the forwarder starts. */
    private static Map<IpAddress, Boolean> needed(ForwarderConfig config) {
        Map<IpAddress, Boolean> needed = new LinkedHashMap<>();
        for (ServiceConfig service : config.proxyServices()) {
            if (!service.isListenTransparent()) {
                service.listen().stream()
                        .filter(ListenConfig::isOneAddress)
                        .map(ListenConfig::address)
                        .filter(address -> !address.isLoopback())
                        .forEach(address -> needed.merge(address, !service.freebind(), Boolean::logicalOr));
            }
        }
        return needed;
    }

    private static Finding missing(IpAddress address, Host host) {
        String name = address.isIpv4() ? "net.ipv4.ip_nonlocal_bind" : "net.ipv6.ip_nonlocal_bind";
        boolean allowed = host.number(name).orElse(0) == 1;
        return Finding.ofSysctl(
                name,
                allowed ? 1 : 0,
                "1, or " + address + " on an interface, or freebind: true",
                1,
                allowed ? Verdict.OK : Verdict.SHORT,
                "no interface has " + address
                        + " now, and the forwarder does not start without; its service alone is freed"
                        + " from that by freebind: true, every program of the host by the setting");
    }

    private static void arp(Host host, List<Finding> findings) {
        for (String device : host.interfaces()) {
            long ignore = host.interfaceNumber(device, "arp_ignore");
            findings.add(Finding.ofSysctl(
                    "net.ipv4.conf." + device.replace('.', '/') + ".arp_ignore",
                    ignore,
                    1,
                    ignore >= 1 ? Verdict.OK : Verdict.BETTER,
                    "a service's address on lo is answered for on this network by every host that has it"));
            long announce = host.interfaceNumber(device, "arp_announce");
            findings.add(Finding.ofSysctl(
                    "net.ipv4.conf." + device.replace('.', '/') + ".arp_announce",
                    announce,
                    2,
                    announce >= 2 ? Verdict.OK : Verdict.BETTER,
                    "this host's own ARP requests tell the network that a service's address on lo is here"));
        }
    }

    private static boolean isTransparent(ForwarderConfig config) {
        return config.services().values().stream().anyMatch(ServiceConfig::isListenTransparent)
                || config.pools().values().stream()
                        .anyMatch(pool -> pool.outgoing().source().transparent());
    }

    private static void reversePath(Host host, List<Finding> findings) {
        for (String device : host.interfaces()) {
            long filter = host.interfaceNumber(device, "rp_filter");
            findings.add(Finding.ofSysctl(
                    "net.ipv4.conf." + device.replace('.', '/') + ".rp_filter",
                    filter,
                    "0 or 2",
                    2,
                    filter == STRICT ? Verdict.SHORT : Verdict.OK,
                    "transparent: 1 drops what comes in by another way than an answer would take"));
        }
    }
}
