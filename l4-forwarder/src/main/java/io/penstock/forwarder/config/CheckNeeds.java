package io.penstock.forwarder.config;

import io.penstock.config.ConfigValue;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthPlan;
import io.penstock.health.Probe;
import io.penstock.net.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * What the checks of a pool ask of the addresses of its backends.
 *
 * @param port because a check has no port of its own
 * @param sources that checks come from
 * @param tcp or UDP: a check that no UNIX socket can answer, for its protocol or its port
 */
record CheckNeeds(boolean port, List<IpAddress> sources, boolean tcp) {
    static final CheckNeeds NONE = new CheckNeeds(false, List.of(), false);

    static CheckNeeds of(HealthPlan plan) {
        List<HealthCheck> network = plan.checks().stream()
                .filter(check -> !(check.probe() instanceof Probe.Exec))
                .toList();
        return new CheckNeeds(
                network.stream().anyMatch(check -> check.port() == HealthCheck.TARGETS_PORT),
                network.stream()
                        .flatMap(check -> check.origin().source().stream())
                        .distinct()
                        .toList(),
                network.stream()
                        .anyMatch(check ->
                                check.probe() instanceof Probe.Udp || check.port() != HealthCheck.TARGETS_PORT));
    }

    /** The port that clients come to will do. */
    CheckNeeds withoutPort() {
        return new CheckNeeds(false, sources, tcp);
    }

    void check(ConfigValue value, HostPort backend) {
        if (backend.isUnix()) {
            checkUnix(value);
            return;
        }
        if (port && backend.firstPort() == BackendConfig.CLIENTS_PORT) {
            value.problem("needs a port; or each check needs one of its own, or there must be none (health: none)");
        }
        Optional<IpAddress> address = IpAddress.parse(backend.host());
        sources.stream()
                .filter(source -> address.isPresent() && address.get().isIpv4() != source.isIpv4())
                .findFirst()
                .ifPresent(source -> value.problem("is of another family than the source of its checks, " + source));
    }

    private void checkUnix(ConfigValue value) {
        if (tcp) {
            value.problem("is a UNIX socket, which a check over UDP or with a port of its own cannot reach");
        } else if (!sources.isEmpty()) {
            value.problem("is a UNIX socket, to which checks have no source");
        }
    }
}
