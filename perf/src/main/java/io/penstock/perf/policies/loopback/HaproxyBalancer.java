package io.penstock.perf.policies.loopback;

import io.penstock.perf.compare.Tools;
import io.penstock.perf.policies.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * HAProxy with the same checks, and attempts at other servers.
 *
 * @param policy a word of its {@code balance}
 */
public record HaproxyBalancer(String policy) implements Balancer {
    @Override
    public String name() {
        return "haproxy " + policy;
    }

    public static boolean isInstalled() {
        return Tools.find("haproxy").isPresent();
    }

    @Override
    public List<String> prepare(Path directory, int port, List<Integer> backendPorts) throws IOException {
        Path config = directory.resolve("haproxy.cfg");
        Files.writeString(config, text(port, backendPorts));
        return List.of(Tools.require("haproxy").toString(), "-db", "-f", config.toString());
    }

    String text(int port, List<Integer> backendPorts) {
        String servers = IntStream.range(0, backendPorts.size())
                .mapToObj(i -> "  server %s 127.0.0.1:%d%n".formatted(Scenario.id(i), backendPorts.get(i)))
                .collect(Collectors.joining());
        return """
                global
                  nbthread 1
                defaults
                  mode tcp
                  timeout connect 2s
                  timeout client 1m
                  timeout server 1m
                  retries %1$d
                  option redispatch 1
                listen policies
                  bind 127.0.0.1:%2$d
                  balance %3$s
                  default-server check inter %4$dms rise %5$d fall %5$d
                %6$s""".formatted(
                        Scenario.ATTEMPTS - 1,
                        port,
                        policy,
                        Scenario.HEALTH_INTERVAL_NS / 1_000_000,
                        Scenario.HEALTH_RESULTS,
                        servers);
    }
}
