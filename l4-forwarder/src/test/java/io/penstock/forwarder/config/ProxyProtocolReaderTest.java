package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.config.ProxyHeaderConfig.PassTlvs;
import io.penstock.forwarder.config.ProxyHeaderConfig.Version;
import io.penstock.net.IpPrefix;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyProtocolReaderTest {
    private final ForwarderConfigs config = new ForwarderConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    private static String service(String value) {
        return "services: { web: { listen: \"*:80\", proxy-protocol: " + value
                + " } }\npools: { web: { backends: [\"10.0.0.1:80\"] } }\n";
    }

    private ProxyHeaderConfig header(String value) {
        return config.pool("send-proxy: " + value + ", backends: [\"10.0.0.1:80\"]")
                .outgoing()
                .header();
    }

    private String headerProblem(String value) {
        return config.poolProblem("send-proxy: " + value + ", backends: [\"10.0.0.1:80\"]");
    }

    @Test
    void shouldReadInput() {
        Optional<ProxyInputConfig> read = config.read(
                        service("{ from: [\"10.0.0.0/8\", \"2001:db8::1\"], require: false }"))
                .services()
                .get("web")
                .proxyInput();
        List<IpPrefix> from = List.of(
                IpPrefix.parse("10.0.0.0/8").orElseThrow(),
                IpPrefix.parse("2001:db8::1").orElseThrow());
        assertEquals(Optional.of(new ProxyInputConfig(from, Duration.ofSeconds(3), false)), read);
    }

    @Test
    void shouldRefuseInputWithoutProxiesOrWithOneTwice() {
        assertEquals(
                "services.web.proxy-protocol.from: is required (was absent)",
                config.onlyProblem(service("{ timeout: 1s }")));
        assertEquals(
                "services.web.proxy-protocol.from[1]: duplicate prefix, first at line 1 (was 10.0.0.0/8)",
                config.onlyProblem(service("{ from: [\"10.0.0.0/8\", \"10.0.0.0/8\"] }")));
        assertEquals(
                "services.web.proxy-protocol.from[0]: must have no bit set behind its prefix length (was 10.0.0.1/8)",
                config.onlyProblem(service("{ from: [\"10.0.0.1/8\"] }")));
    }

    @Test
    void shouldReadHeader() {
        assertEquals(ProxyHeaderConfig.of(Version.V1), header("v1"));
        assertEquals(ProxyHeaderConfig.of(Version.V2), header("{}"));
        assertEquals(
                new ProxyHeaderConfig(Version.V2, true, true, Map.of(0xe0, "a", 0xef, "b"), PassTlvs.ALL),
                header("{ unique-id: true, checksum: true, tlvs: { \"0xE0\": a, \"0xEF\": b }, pass-tlvs: all }"));
        assertEquals(
                ProxyHeaderConfig.NONE,
                config.pool("backends: [\"10.0.0.1:80\"]").outgoing().header());
    }

    @Test
    void shouldRefuseWhatNoHeaderCanHave() {
        assertEquals("pools.web.send-proxy: must be one of: v1, v2 (was binary)", headerProblem("binary"));
        assertEquals(
                "pools.web.send-proxy.checksum: is for version: v2 only (was true)",
                headerProblem("{ version: v1, checksum: true }"));
        assertEquals(
                "pools.web.send-proxy.tlvs.0x05: must be a type from \"0xE0\" to \"0xEF\", in quotes (was 0x05)",
                headerProblem("{ tlvs: { \"0x05\": a } }"));
        String tooLong = headerProblem("{ tlvs: { \"0xE0\": " + "x".repeat(129) + " } }");
        assertTrue(
                tooLong.startsWith("pools.web.send-proxy.tlvs.0xE0: must be a text of 1 to 128 characters"), tooLong);
    }
}
