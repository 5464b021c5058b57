package io.penstock.health;

import static io.penstock.health.ProbeResult.Outcome.FAILURE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.penstock.linux.OpenFds;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that want to keep a probe: each probe fails, at the latest by its timeout, and holds little while it lasts. */
@Timeout(120)
@ExtendWith(OpenFds.class)
class BadServersTest {
    private static final Duration TIMEOUT = Duration.ofMillis(700);
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    /** A probe reads at most 64 KiB; what else the allocator keeps for the next one does not grow. */
    private static final long MEMORY_MAX = 16L << 20;

    private ProbeRig rig;

    @BeforeEach
    void open() {
        rig = new ProbeRig();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /** What they do after the connect. */
    private static Map<String, LoopbackServer.Service> servers() {
        Map<String, LoopbackServer.Service> servers = new LinkedHashMap<>();
        servers.put("silent", client -> LoopbackServer.awaitEnd(client));
        servers.put("resetting", client -> client.setSoLinger(true, 0));
        servers.put("half closing", client -> {
            client.shutdownOutput();
            LoopbackServer.awaitEnd(client);
        });
        servers.put("slow headers", client -> endlessly(client, OK, "X: y\r\n", 1, 20));
        servers.put(
                "endless headers", client -> endlessly(client, OK, "X: " + "y".repeat(1000) + "\r\n", 64 * 1024, 0));
        servers.put("endless header", client -> endlessly(client, OK + "X: ", "y", 64 * 1024, 0));
        servers.put("endless status", client -> endlessly(client, "HTTP/1.1 200 ", "O", 64 * 1024, 0));
        servers.put("endless body", client -> endlessly(client, OK + "\r\n", "x", 64 * 1024, 0));
        servers.put(
                "endless chunks",
                client -> endlessly(client, OK + "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", 60_000, 0));
        servers.put(
                "endless chunk size",
                client -> endlessly(client, OK + "Transfer-Encoding: chunked\r\n\r\n", "0", 60_000, 0));
        servers.put(
                "huge chunk",
                client -> endlessly(client, OK + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n", "x", 60_000, 0));
        servers.put("endless hints", client -> endlessly(client, "", "HTTP/1.1 103 Early Hints\r\n\r\n", 60_000, 0));
        servers.put("slow body", client -> endlessly(client, OK + "\r\n", "x", 1, 20));
        servers.put("noise", client -> {
            byte[] noise = new byte[64 * 1024];
            new Random(4).nextBytes(noise);
            endlessly(client, "", new String(noise, StandardCharsets.ISO_8859_1), noise.length, 0);
        });
        String record = "\u0016\u0003\u0003@\u0000" + "\u0002".repeat(0x4000);
        servers.put("tls records", client -> endlessly(client, "", record, 60_000, 0));
        return servers;
    }

    static Set<String> names() {
        return servers().keySet();
    }

    private enum Kind {
        EXCHANGE,
        EXCHANGE_REGEX,
        HTTP,
        TLS,
        HTTPS
    }

    /** Sends the beginning once and the rest again and again, so many octets at a time with a pause between. */
    private static void endlessly(Socket client, String beginning, String rest, int octets, int pauseMs)
            throws IOException, InterruptedException {
        OutputStream out = client.getOutputStream();
        out.write(beginning.getBytes(StandardCharsets.ISO_8859_1));
        byte[] again = rest.repeat(octets / rest.length() + 1).getBytes(StandardCharsets.ISO_8859_1);
        while (true) {
            for (int i = 0; i < again.length; i += octets) {
                out.write(again, i, Math.min(octets, again.length - i));
                if (pauseMs > 0) {
                    Thread.sleep(pauseMs);
                }
            }
        }
    }

    private static Map<Kind, Probe> probes() {
        Probe.Expect bytes = new Probe.Expect.Bytes(Octets.utf8("never"));
        Probe.Expect regex = new Probe.Expect.Regex(Pattern.compile("(x|xx)*never$"));
        Probe.Tls tls = new Probe.Tls(Optional.empty(), false, Optional.empty());
        List<Probe.StatusRange> any = List.of(new Probe.StatusRange(100, 599));
        Map<Kind, Probe> probes = new EnumMap<>(Kind.class);
        probes.put(Kind.EXCHANGE, new Probe.Exchange(Octets.NONE, Optional.of(bytes), Optional.empty()));
        probes.put(Kind.EXCHANGE_REGEX, new Probe.Exchange(Octets.NONE, Optional.of(regex), Optional.empty()));
        probes.put(Kind.HTTP, new Probe.Http("GET", "/", Optional.empty(), any, Optional.of(regex), Optional.empty()));
        probes.put(Kind.TLS, new Probe.Handshake(tls));
        probes.put(Kind.HTTPS, new Probe.Http("GET", "/", Optional.empty(), any, Optional.empty(), Optional.of(tls)));
        return probes;
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldEndEveryProbe(String bad) throws Exception {
        try (LoopbackServer server = new LoopbackServer(servers().get(bad))) {
            for (Map.Entry<Kind, Probe> probe : probes().entrySet()) {
                ProbeResult result = rig.probe(probe.getValue(), server.port(), TIMEOUT);
                assertEquals(FAILURE, result.outcome(), probe.getKey() + ": " + result);
                assertNotEquals("", result.evidence(), probe.getKey().toString());
                assertTrue(result.evidence().length() < 300, result.evidence());
            }
        }
    }

    @Test
    void shouldHoldLittleMemory() throws Exception {
        ByteBufAllocatorMetric memory = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        for (String bad : List.of("endless body", "endless headers", "noise", "TLS_RECORDS")) {
            try (LoopbackServer server = new LoopbackServer(servers().get(bad))) {
                for (int round = 0; round < 40; round++) {
                    for (Probe probe : probes().values()) {
                        rig.probe(probe, server.port(), TIMEOUT);
                        assertTrue(memory.usedDirectMemory() < MEMORY_MAX, bad + " " + memory.usedDirectMemory());
                    }
                }
            }
        }
    }
}
