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
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where checks of members go: to the member, or, in pools in {@code mode: dsr}, to the service, marked for the way that
 * packets to this member take. The controller's own.
 */
final class ProbeTargets {
    private PacketPlane plane = PacketPlane.NONE;
    private HealthPath path = HealthPath.VIP;

    /** By their pools, the first in the file of each that is open, or the first: flows go on by those that are closed. */
    private final Map<String, ServiceConfig> services = new HashMap<>();

    /** Of services in {@code mode: dsr}, open or not. */
    private final Set<String> pools = new HashSet<>();

    /** Marks are the plane's from now on. */
    void use(PacketPlane next) {
        plane = next;
    }

    /** @param closed names of services that take nobody for now */
    void onConfig(ForwarderConfig config, Set<String> closed) {
        path = config.xdp().map(XdpConfig::healthPath).orElse(HealthPath.VIP);
        services.clear();
        pools.clear();
        config.dsrServices().forEach(service -> {
            pools.add(service.pool());
            if (!closed.contains(service.name())) {
                services.putIfAbsent(service.pool(), service);
            }
        });
        config.dsrServices().forEach(service -> services.putIfAbsent(service.pool(), service));
    }

    /** Whether its clients come as packets, which checks go with. */
    boolean isOfPackets(Pool pool) {
        return pools.contains(pool.config().name());
    }

    /** Empty when it cannot be checked now: nobody knows the way before the plane is there. */
    Optional<ProbeTarget> of(Pool pool, Member member) {
        if (!isOfPackets(pool)) {
            return Optional.of(ProbeTarget.of(member.endpoint()));
        }
        return Optional.ofNullable(services.get(pool.config().name()))
                .filter(service -> plane.isThere())
                .map(service -> of(service, member));
    }

    private ProbeTarget of(ServiceConfig service, Member member) {
        ListenConfig vip = service.listen().get(0);
        OptionalInt mark = path == HealthPath.VIP
                ? plane.probeMark(service.name(), member.backend(1).key())
                : OptionalInt.empty();
        return mark.isPresent()
                ? new ProbeTarget(new Endpoint(vip.address(), vip.firstPort()), mark.getAsInt())
                : ProbeTarget.of(direct(member.backend(1), vip));
    }

    /** Whether checks of the pool go to this service's address. */
    boolean isProbed(ServiceConfig service, Pool pool) {
        return path == HealthPath.VIP
                && pool.config().health().isPresent()
                && service.equals(services.get(pool.config().name()));
    }

    /** Whether a probe that is sent now gets onto the cable; the kernel holds back those without a mark until it knows the way. */
    boolean isReached(Pool pool, Member member, ProbeTarget target) {
        ServiceConfig service = services.get(pool.config().name());
        return target.mark() == ProbeTarget.NO_MARK
                || service == null
                || plane.reaches(service.name(), member.backend(1).key());
    }

    /** Whether it was healthy to the process before this one, by whose word its packets are forwarded still. */
    Optional<Boolean> leftUp(Pool pool, Member member) {
        return Optional.ofNullable(services.get(pool.config().name()))
                .flatMap(service ->
                        plane.leftUp(service.name(), member.backend(1).key()));
    }

    /** Packets keep their port, so a backend without one has that of the service. */
    private static Endpoint direct(Backend backend, ListenConfig vip) {
        return new Endpoint(backend.address(), backend.port(vip.firstPort()));
    }
}
