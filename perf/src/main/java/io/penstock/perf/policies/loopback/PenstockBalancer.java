package io.penstock.perf.policies.loopback;

import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.perf.policies.scenario.Contestant;
import io.penstock.perf.policies.scenario.Scenario;
import io.penstock.perf.rig.ForwarderProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Our forwarder: two workers that share one policy, health checks fast enough for a run of seconds. */
public record PenstockBalancer(Path launcher, Contestant contestant) implements Balancer {
    /** By default weights change once a second; a run would be over before they have settled. */
    private static final String LEARN_FAST = ", adaptive: { interval: 200ms }";

    /** The same in every run, so that a source's hash is too. */
    private static final String SECRET = "the secret of perf/policies";

    @Override
    public String name() {
        return contestant.name();
    }

    @Override
    public List<String> prepare(Path directory, int port, List<Integer> backendPorts) throws IOException {
        Path config = directory.resolve("forwarder.yaml");
        Files.writeString(directory.resolve("cluster.secret"), SECRET);
        Files.writeString(config, yaml(port, backendPorts));
        return ForwarderProcess.command(launcher, config);
    }

    String yaml(int port, List<Integer> backendPorts) {
        String backends = IntStream.range(0, backendPorts.size())
                .mapToObj(i -> "      - { id: %s, address: \"127.0.0.1:%d\" }%n"
                        .formatted(Scenario.id(i), backendPorts.get(i)))
                .collect(Collectors.joining());
        return """
                workers: 2
                warm-up: none
                secret-file: cluster.secret
                drain-timeout: 1s
                services:
                  policies:
                    listen: "127.0.0.1:%1$d"
                    connect-attempts: %2$d
                pools:
                  policies:
                    balance: { %3$s }
                    health: { tcp: {}, interval: %4$dms, timeout: %4$dms, rise: %5$d, fall: %5$d }
                    backends:
                %6$s""".formatted(
                        port,
                        Scenario.ATTEMPTS,
                        contestant.balance() + (contestant.is(PolicyKind.ADAPTIVE) ? LEARN_FAST : ""),
                        Scenario.HEALTH_INTERVAL_NS / 1_000_000,
                        Scenario.HEALTH_RESULTS,
                        backends);
    }
}
