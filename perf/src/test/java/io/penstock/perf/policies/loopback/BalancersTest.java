package io.penstock.perf.policies.loopback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.config.ForwarderConfigReader;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.perf.policies.scenario.Contestant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BalancersTest {
    private static final List<Integer> PORTS = List.of(20_001, 20_002);

    @TempDir
    private Path directory;

    static List<Contestant> contestants() {
        return Contestant.all();
    }

    @ParameterizedTest
    @MethodSource("contestants")
    void shouldWriteWhatTheForwarderReadsAsTheSamePolicy(Contestant contestant) throws IOException {
        List<String> command = new PenstockBalancer(Path.of("forwarder"), contestant).prepare(directory, 20_000, PORTS);
        PoolConfig pool = ForwarderConfigReader.read(Path.of(command.get(command.size() - 1)))
                .pools()
                .get("policies");
        assertEquals(contestant.spec(), pool.balance().policy());
        assertEquals(contestant.hashInput(), pool.balance().hash());
        assertEquals(2, pool.backends().size());
    }

    @Test
    void shouldGiveHaproxyTheSameChecksAndAttempts() {
        assertEquals("""
                global
                  nbthread 1
                defaults
                  mode tcp
                  timeout connect 2s
                  timeout client 1m
                  timeout server 1m
                  retries 2
                  option redispatch 1
                listen policies
                  bind 127.0.0.1:20000
                  balance leastconn
                  default-server check inter 100ms rise 2 fall 2
                  server b1 127.0.0.1:20001
                  server b2 127.0.0.1:20002
                """, new HaproxyBalancer("leastconn").text(20_000, PORTS));
    }

    @Test
    void shouldLetWeightsChangeOftenWithinARun() {
        Contestant adaptive = Contestant.all().stream()
                .filter(contestant -> contestant.name().equals("adaptive"))
                .findFirst()
                .orElseThrow();
        String yaml = new PenstockBalancer(Path.of("forwarder"), adaptive).yaml(20_000, PORTS);
        assertTrue(yaml.contains("balance: { policy: adaptive, adaptive: { interval: 200ms } }"), yaml);
    }
}
