package io.penstock.forwarder;

import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ListenConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.XdpConfig.HealthPath;
import io.penstock.forwarder.events.EventType;
import io.penstock.net.IpAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of addresses that packets are forwarded for and that this host has itself: checks that are to go to a backend by
 * that address would end here.
 */
final class LocalVips {
    private static final Logger LOG = LoggerFactory.getLogger(LocalVips.class);
    private static final String ADVICE = "checks of its backends end here: take it off, or set xdp.health-path: direct";

    private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(10);

    private final EventLog events;
    private Optional<ForwarderConfig> running = Optional.empty();
    private Set<IpAddress> warned = Set.of();
    private long lookedNs;

    LocalVips(EventLog events) {
        this.events = events;
    }

    /** Of what runs from now on. */
    synchronized void onConfig(ForwarderConfig config) {
        running = Optional.of(config);
        look(config);
    }

    /** From time to time: an agent may bring an address at any moment. */
    synchronized void onTime(long nowNs) {
        if (running.isPresent() && nowNs - lookedNs >= LOOK_NS) {
            lookedNs = nowNs;
            look(running.get());
        }
    }

    /** An address is warned of once, as long as it stays. */
    private void look(ForwarderConfig config) {
        Set<IpAddress> local = of(config);
        for (IpAddress vip : local) {
            if (!warned.contains(vip)) {
                LOG.warn("event=xdp-local-vip address={} effect=\"{}\"", vip, ADVICE);
                events.add(
                        EventType.XDP,
                        Level.WARN,
                        vip.toString(),
                        "is an address of this host, " + ADVICE,
                        EventDetails.NONE);
            }
        }
        warned = local;
    }

    /** Those of the configuration that checks would go to, and that this host has. */
    static Set<IpAddress> of(ForwarderConfig config) {
        boolean byVip = config.xdp().stream().anyMatch(xdp -> xdp.healthPath() == HealthPath.VIP);
        if (!byVip || config.dsrServices().isEmpty()) {
            return Set.of();
        }
        Set<IpAddress> own = own();
        return config.dsrServices().stream()
                .filter(service -> isChecked(config, service))
                .flatMap(service -> service.listen().stream())
                .map(ListenConfig::address)
                .filter(own::contains)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean isChecked(ForwarderConfig config, ServiceConfig service) {
        return Optional.ofNullable(config.pools().get(service.pool()))
                .filter(pool -> pool.health().isPresent())
                .isPresent();
    }

    private static Set<IpAddress> own() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(IpAddress::of)
                    .collect(Collectors.toSet());
        } catch (SocketException e) {
            LOG.debug("event=own-addresses-unknown", e);
            return Set.of();
        }
    }

    static String advice(IpAddress vip) {
        return vip + " is an address of this host, " + ADVICE;
    }
}
