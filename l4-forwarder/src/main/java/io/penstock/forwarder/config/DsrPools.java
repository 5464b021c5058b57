package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.config.PoolConfig.Balance;
import io.penstock.forwarder.config.XdpConfig.HealthPath;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which pools of one file services in {@code mode: dsr} use, and what they cannot have then: packets go to the backend as
 * they came, and nobody sees connections.
 */
final class DsrPools {
    /** As many as the data plane has places for. */
    static final int MAX_SERVICES = 1024;

    /** All of what is known of connections, or done to them. */
    private static final String[] PROXY_KEYS = {
        "affinity", "circuit-breaker", "fail-back", "limits", "outlier-ejection", "send-proxy", "slow-start", "source"
    };

    private final HealthPath healthPath;
    private final Map<String, List<ServiceConfig>> users = new HashMap<>();
    private final Map<IpAddress, String> vips = new HashMap<>();
    private int services;

    /** @param healthPath which checks of the pools take */
    DsrPools(HealthPath healthPath) {
        this.healthPath = healthPath;
    }

    /** In whichever mode. */
    void add(ServiceConfig service) {
        service.pools().forEach(pool -> users.computeIfAbsent(pool, unused -> new ArrayList<>())
                .add(service));
        if (service.isDsr()) {
            services++;
            service.listen().forEach(listen -> vips.putIfAbsent(listen.address(), service.name()));
        }
    }

    /** Reports a service, of those added the last, that uses its pool in another way than one before. */
    void checkService(ServiceConfig service, ConfigSection section) {
        for (String pool : service.pools()) {
            ServiceConfig first = users.get(pool).get(0);
            if (!isAlike(first, service)) {
                section.problem(
                        section.has("pool") ? "pool" : "mode",
                        "pool " + pool + " is used in one way only, and service " + first.name() + " uses it with "
                                + way(first));
            }
        }
        if (service.isDsr() && services == MAX_SERVICES + 1) {
            section.problem("mode", "at most " + MAX_SERVICES + " services can be, for mode: dsr");
        }
    }

    private static boolean isAlike(ServiceConfig one, ServiceConfig other) {
        return one.dsr().isPresent() == other.dsr().isPresent()
                && one.dsr().flatMap(dsr -> other.dsr().map(dsr::arrivesAs)).orElse(true);
    }

    private static String way(ServiceConfig service) {
        return service.dsr().map(dsr -> "mode: dsr, " + dsr).orElse("mode: proxy");
    }

    /** The first service in the file that uses the pool in {@code mode: dsr}. */
    Optional<ServiceConfig> user(String pool) {
        return users.getOrDefault(pool, List.of()).stream()
                .filter(ServiceConfig::isDsr)
                .findFirst();
    }

    private static String cannotBeUsed(ServiceConfig user) {
        return "cannot be used with mode: dsr, in which service " + user.name() + " is";
    }

    /** Reports what of a pool is for proxies. */
    void check(String name, ConfigSection pool) {
        user(name).ifPresent(user -> {
            for (String key : PROXY_KEYS) {
                if (pool.has(key) && pool.isSound(key)) {
                    pool.problem(key, cannotBeUsed(user));
                }
            }
        });
    }

    /** Reports a choice that is not made by the flow's hash alone. */
    void checkBalance(String name, Balance read, ConfigSection balance) {
        user(name).ifPresent(user -> {
            if (read.policy().kind() != PolicyKind.MAGLEV && balance.isSound("policy")) {
                balance.problem("policy", "must be maglev for mode: dsr, in which service " + user.name() + " is");
            }
            if (read.policy().loadFactorPercent() != PolicySpec.UNBOUNDED && balance.isSound("load-factor")) {
                balance.problem("load-factor", cannotBeUsed(user));
            }
        });
    }

    /** Reports a backend that packets cannot be sent to; whether there is none to report. */
    boolean isReachable(String pool, ConfigValue value, HostPort backend) {
        Optional<ServiceConfig> user = user(pool);
        if (user.isEmpty()) {
            return true;
        }
        if (backend.isUnix()) {
            value.problem("is a UNIX socket, and " + cannotBeUsed(user.get()));
            return false;
        }
        Optional<String> vipOf = IpAddress.parse(backend.host()).map(vips::get);
        if (vipOf.isPresent()) {
            value.problem("is an address of service " + vipOf.get()
                    + ", which packets come to: a backend needs one of its own");
            return false;
        }
        if (IpAddress.parse(backend.host()).filter(IpAddress::isLinkLocal).isPresent()) {
            value.problem("must be an address that says by which link, not link-local, for mode: dsr, in which service "
                    + user.get().name() + " is");
            return false;
        }
        if (backend.firstPort() == BackendConfig.CLIENTS_PORT) {
            return true;
        }
        Optional<ListenConfig> other = users.get(pool).stream()
                .filter(ServiceConfig::isDsr)
                .flatMap(service -> service.listen().stream())
                .filter(listen -> listen.firstPort() != backend.firstPort() || listen.lastPort() != backend.firstPort())
                .findFirst();
        other.ifPresent(listen ->
                value.problem("must have no port, or that of every listener: packets for " + listen + " keep theirs"));
        return other.isEmpty();
    }

    /** Reports connections that nobody counts. */
    void checkBackends(String pool, List<BackendConfig> backends, ConfigSection section) {
        user(pool).ifPresent(user -> backends.stream()
                .filter(backend -> backend.maxConnections() != PoolConfig.Limits.UNLIMITED)
                .findFirst()
                .ifPresent(backend -> section.problem(
                        "backends", "max-connections (of " + backend.id() + ") " + cannotBeUsed(user))));
    }

    /** What checks ask of backends: they go where clients' packets go, or at least to the port that clients come to. */
    CheckNeeds needs(String pool, CheckNeeds needs) {
        if (user(pool).isEmpty()) {
            return needs;
        }
        return healthPath == HealthPath.DIRECT ? needs.withoutPort() : CheckNeeds.NONE;
    }

    /** Reports checks that have nowhere to go. */
    void checkHealth(String pool, CheckNeeds needs, ConfigSection section) {
        Optional<ListenConfig> first =
                user(pool).flatMap(user -> user.listen().stream().findFirst());
        if (first.isEmpty()) {
            return;
        }
        IpAddress vip = first.get().address();
        if (needs.port() && first.get().isAnyPort()) {
            section.problem(
                    "health",
                    "each check needs a port of its own, or there must be none (health: none): clients come to "
                            + first.get());
        }
        if (healthPath == HealthPath.VIP) {
            needs.sources().stream()
                    .filter(source -> source.isIpv4() != vip.isIpv4())
                    .findFirst()
                    .ifPresent(source -> section.problem(
                            "health",
                            "checks go to " + vip + ", which is of another family than their source " + source));
        }
    }
}
