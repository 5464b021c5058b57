package io.penstock.bgp.health;

import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.config.VipHealth.Checks;
import io.penstock.bgp.config.VipHealth.Forwarder;
import io.penstock.bgp.config.VipHealth.Service;
import io.penstock.bgp.config.VipHealth.Services;
import io.penstock.bgp.control.Conditions;
import io.penstock.bgp.policy.Condition;
import io.penstock.health.CheckedTarget;
import io.penstock.health.HealthMonitor;
import io.penstock.linux.Syscalls;
import io.penstock.serving.CheckWatch;
import io.penstock.serving.ForwarderWatches;
import io.penstock.serving.ForwarderWatches.Asked;
import io.penstock.serving.VipVerdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Everything that is asked, probed and followed for one configuration. Another one changes only what it has to: what was heard of a
 * service that stays, stays. {@link #now} is safe from any thread; the rest is of one thread, and the watches have their own.
 */
public final class HealthWatches implements Conditions, AutoCloseable {
    private final LongSupplier nowNs;
    private final ConditionBoard board;
    private final AddressWatch addresses;
    private final HealthMonitor monitor;
    private final ForwarderWatches forwarders;
    private final Map<String, CheckWatch> checks = new HashMap<>();
    private Map<String, Service> services = Map.of();

    /**
     * Follows the addresses of the network namespace of the caller's thread; watches no VIP yet.
     *
     * @param wake the agent, which then asks for conditions; called on any thread, must not block
     * @param nowNs the agent's clock; asked from any thread
     * @throws IOException when the kernel does not tell which addresses there are
     */
    public HealthWatches(Runnable wake, LongSupplier nowNs, Syscalls syscalls) throws IOException {
        this.nowNs = nowNs;
        HostAddresses host = new HostAddresses();
        board = new ConditionBoard(wake, nowNs, host::has);
        addresses = AddressWatch.start(host, new OfAddresses(board), syscalls);
        monitor = new HealthMonitor("bgp-probe");
        forwarders = new ForwarderWatches(this::onVerdict, nowNs, "bgp-fwd-");
    }

    private record OfAddresses(ConditionBoard board) implements AddressWatch.Listener {
        @Override
        public void onAddresses() {
            board.onAddresses();
        }

        @Override
        public void onSecond() {
            board.look();
        }
    }

    /**
     * From now on what this configuration wants; to be called before the agent takes it, which would take what is known of a VIP for true of
     * one of the same name and another address.
     */
    public void watch(BgpConfig config) {
        Map<String, Service> next = services(config.vips().values());
        end(next);
        // Between the end of the former watches and the beginning of the next: none may speak for the other.
        board.watch(config.vips().values());
        services = next;
        begin();
    }

    private static Map<String, Service> services(Iterable<VipConfig> vips) {
        Map<String, Service> services = new LinkedHashMap<>();
        for (VipConfig vip : vips) {
            if (vip.health() instanceof Services how) {
                how.services().forEach((name, service) -> services.put(name(vip.name(), name), service));
            }
        }
        return services;
    }

    /** Which no name can have: a space parts them. */
    private static String name(String vip, String service) {
        return vip + " " + service;
    }

    /** Nothing more is said of those that are not in the next configuration, or are something else there. */
    private void end(Map<String, Service> next) {
        Set<String> ended = new HashSet<>();
        services.forEach((name, service) -> {
            if (!service.equals(next.get(name))) {
                ended.add(name);
            }
        });
        forwarders.forget(ended);
        for (String name : ended) {
            CheckWatch running = checks.remove(name);
            if (running != null) {
                running.close();
            }
        }
    }

    private void begin() {
        List<Asked> asked = new ArrayList<>();
        services.forEach((name, service) -> {
            if (service instanceof Forwarder how) {
                asked.add(new Asked(name, how.address(), how.question()));
            } else if (service instanceof Checks own) {
                CheckedTarget target = new CheckedTarget(own.target(), own.plan());
                checks.computeIfAbsent(name, missing -> new CheckWatch(monitor, name, target, this::onVerdict, nowNs));
            }
        });
        forwarders.watch(asked);
    }

    private void onVerdict(String name, VipVerdict verdict) {
        int space = name.indexOf(' ');
        board.post(name.substring(0, space), name.substring(space + 1), verdict);
    }

    /** One for each VIP that is watched. */
    @Override
    public Map<String, Condition> now() {
        return board.now();
    }

    /** Nothing is told any more when this returns; questions under way end by their timeouts. */
    @Override
    public void close() {
        forwarders.close();
        checks.values().forEach(CheckWatch::close);
        monitor.close();
        addresses.close();
    }
}
