package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.forwarder.config.XdpConfig.HealthPath;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which protocols and modes the pools of one file are used with: services lead to them by their names. */
final class PoolUsers {
    private final Map<String, String> tcp = new HashMap<>();
    private final Map<String, String> udp = new HashMap<>();
    private final DsrPools packets;

    /** @param healthPath which checks of pools in {@code mode: dsr} take */
    PoolUsers(HealthPath healthPath) {
        packets = new DsrPools(healthPath);
    }

    /** In {@code mode: dsr}. */
    DsrPools ofPackets() {
        return packets;
    }

    /** Its clients are served by backends of its pools. */
    void add(ServiceConfig service) {
        Map<String, String> users = service.isUdp() ? udp : tcp;
        service.pools().forEach(pool -> users.putIfAbsent(pool, service.name()));
        packets.add(service);
    }

    /** The first service in the file that uses the pool with UDP. */
    Optional<String> overUdp(String pool) {
        return Optional.ofNullable(udp.get(pool));
    }

    /** Reports what of a pool no datagram can do, when a service of UDP uses it, and what no packet can. */
    void check(String name, ConfigSection pool) {
        packets.check(name, pool);
        if (pool.has("send-proxy") && pool.isSound("send-proxy")) {
            overUdp(name).ifPresent(service -> pool.problem("send-proxy", cannotBeUsedBy(service)));
        }
    }

    /** Reports a backend that no datagram, or no packet, can reach. */
    boolean isReachable(String pool, ConfigValue value, HostPort backend) {
        if (packets.user(pool).isPresent()) {
            return packets.isReachable(pool, value, backend);
        }
        Optional<String> service = overUdp(pool).filter(name -> backend.isUnix());
        service.ifPresent(name -> value.problem("is a UNIX socket, and " + cannotBeUsedBy(name)));
        return service.isEmpty();
    }

    static String cannotBeUsedBy(String service) {
        return "cannot be used with UDP, which service " + service + " speaks";
    }

    boolean isUdpOnly(String pool) {
        return udp.containsKey(pool) && !tcp.containsKey(pool);
    }
}
