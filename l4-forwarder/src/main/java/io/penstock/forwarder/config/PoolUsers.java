package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which protocols the pools of one file are used with: services lead to them by their names. */
final class PoolUsers {
    private final Map<String, String> tcp = new HashMap<>();
    private final Map<String, String> udp = new HashMap<>();

    /** @param pools whose backends serve the service */
    void add(String service, Protocol protocol, Set<String> pools) {
        Map<String, String> users = protocol == Protocol.UDP ? udp : tcp;
        pools.forEach(pool -> users.putIfAbsent(pool, service));
    }

    /** The first service in the file that uses the pool with UDP. */
    Optional<String> overUdp(String pool) {
        return Optional.ofNullable(udp.get(pool));
    }

    /** Reports what of a pool no datagram can do, when a service of UDP uses it. */
    void check(String name, ConfigSection pool) {
        if (pool.has("send-proxy") && pool.isSound("send-proxy")) {
            overUdp(name).ifPresent(service -> pool.problem("send-proxy", cannotBeUsedBy(service)));
        }
    }

    /** Reports a backend that no datagram can reach. */
    boolean isReachable(String pool, ConfigValue value, HostPort backend) {
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
