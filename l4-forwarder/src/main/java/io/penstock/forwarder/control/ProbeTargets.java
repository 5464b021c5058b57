package io.penstock.forwarder.control;

import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ListenConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.XdpConfig;
import io.penstock.forwarder.config.XdpConfig.HealthPath;
import io.penstock.forwarder.table.Backend;
import io.penstock.health.ProbeTarget;
import io.penstock.net.Endpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Where checks of members go: to the member, or, in pools in {@code mode: dsr}, to the service, marked for the way that
 * packets to this member take. The controller's own.
 */
final class ProbeTargets {
    private PacketPlane plane = PacketPlane.NONE;
    private HealthPath path = HealthPath.VIP;

    /** By their pools, the first in the file of each. */
    private final Map<String, ServiceConfig> services = new HashMap<>();

    /** Marks are the plane's from now on. */
    void use(PacketPlane next) {
        plane = next;
    }

    void onConfig(ForwarderConfig config) {
        path = config.xdp().map(XdpConfig::healthPath).orElse(HealthPath.VIP);
        services.clear();
        config.dsrServices().forEach(service -> services.putIfAbsent(service.pool(), service));
    }

    ProbeTarget of(Pool pool, Member member) {
        ServiceConfig service = services.get(pool.config().name());
        if (service == null) {
            return ProbeTarget.of(member.endpoint());
        }
        ListenConfig vip = service.listen().get(0);
        OptionalInt mark = path == HealthPath.VIP
                ? plane.probeMark(service.name(), member.backend(1).key())
                : OptionalInt.empty();
        return mark.isPresent()
                ? new ProbeTarget(new Endpoint(vip.address(), vip.firstPort()), mark.getAsInt())
                : ProbeTarget.of(direct(member.backend(1), vip));
    }

    /** Packets keep their port, so a backend without one has that of the service. */
    private static Endpoint direct(Backend backend, ListenConfig vip) {
        return new Endpoint(backend.address(), backend.port(vip.firstPort()));
    }
}
