package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code scripts/lab dsr demo} promises, part by part, through real forwarder processes: counts of what came through and of what broke. None of
 * them is a time.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class XdpTrafficIT {
    @RegisterExtension
    static final SharedLab LAB = new SharedLab(() -> DsrLabIT.lab("xt"));

    @ParameterizedTest
    @CsvSource({
        "traffic, 'ipip6 IPv6: dnsperf, lost'",
        "mtu, 'MTU 1300, ipip IPv6: ICMP steered'",
        "failover, f1's link cut and a backend drained: alive",
        "restart, restarts: datagrams not forwarded",
        "flood, flood: established that are alive"
    })
    void shouldKeepEveryPromise(String part, String promise, @TempDir Path directory) throws Exception {
        Path json = directory.resolve("figures.json");
        Process demo = LAB.get().start("demo", "--no-build", "--only", part, "--json", json.toString());
        String said = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        demo.waitFor();
        assertTrue(Files.exists(json), said);
        List<String> promised = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        for (JsonNode row : new ObjectMapper().readTree(json.toFile())) {
            if (!row.path("goal").asText().isEmpty()) {
                promised.add(row.path("name").asText());
            }
            if (!row.path("ok").asBoolean()) {
                broken.add(row.toString());
            }
        }
        assertEquals(List.of(), broken, said);
        assertTrue(promised.stream().anyMatch(name -> name.startsWith(promise)), () -> promised + "\n" + said);
    }
}
