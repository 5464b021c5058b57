package io.penstock.forwarder.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.operate.ServiceHealth.Listen;
import io.penstock.forwarder.operate.ServiceHealth.Reach;
import io.penstock.forwarder.operate.VipReport.Policy;
import io.penstock.net.IpAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VipReportTest {
    private static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    private static Listen at(String address) {
        return new Listen(address, ip(address), Reach.ADDRESS);
    }

    private static ServiceHealth service(String name, boolean enabled, ServingState state, Listen... listen) {
        String reason = state == ServingState.SERVED ? "" : "is " + state.label();
        return new ServiceHealth(name, "tcp", List.of(listen), "pool", enabled, state, reason, 1, 2, false);
    }

    private static VipHealth vip(Policy policy, String... states) {
        List<ServiceHealth> services = Arrays.stream(states)
                .map(state -> state.equals("closed")
                        ? service(state, false, ServingState.NOT_SERVED, at("192.0.2.10"))
                        : service(state, true, ServingState.valueOf(state), at("192.0.2.10")))
                .toList();
        return new VipReport(services).of(ip("192.0.2.10"), policy).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SERVED                | SERVED     | SERVED
            SERVED DEGRADED       | DEGRADED   | DEGRADED
            SERVED NOT_SERVED     | NOT_SERVED | DEGRADED
            SERVED UNKNOWN        | UNKNOWN    | DEGRADED
            NOT_SERVED UNKNOWN    | NOT_SERVED | UNKNOWN
            NOT_SERVED NOT_SERVED | NOT_SERVED | NOT_SERVED
            DRAINING DRAINING     | DRAINING   | DRAINING
            SERVED closed         | SERVED     | SERVED
            NOT_SERVED closed     | NOT_SERVED | NOT_SERVED
            closed                | NOT_SERVED | NOT_SERVED
            """)
    void shouldCombineServices(String states, ServingState all, ServingState any) {
        assertEquals(all, vip(Policy.ALL, states.split(" ")).state());
        assertEquals(any, vip(Policy.ANY, states.split(" ")).state());
    }

    @Test
    void shouldSayWhoIsToBlame() {
        assertEquals("", vip(Policy.ALL, "SERVED").reason());
        assertEquals(
                "NOT_SERVED: is not-served",
                vip(Policy.ALL, "SERVED", "DEGRADED", "NOT_SERVED").reason());
        assertEquals(
                "DEGRADED: is degraded; NOT_SERVED: is not-served",
                vip(Policy.ANY, "SERVED", "DEGRADED", "NOT_SERVED").reason());
        assertEquals(
                "DRAINING, DRAINING: is draining",
                vip(Policy.ALL, "DRAINING", "DRAINING").reason());
    }

    @Test
    void shouldKnowWhichServicesListenOnAnAddress() {
        Listen all4 = at("0.0.0.0");
        Listen all6 = at("::");
        Listen every = new Listen("*:53", IpAddress.ANY_IPV6, Reach.EVERY_ADDRESS);
        Listen unix = new Listen("unix:/run/a.sock", IpAddress.ANY_IPV6, Reach.NOWHERE);
        VipReport report = new VipReport(List.of(
                service("one", true, ServingState.SERVED, at("192.0.2.10"), at("2001:db8::10"), unix),
                service("four", true, ServingState.SERVED, all4),
                service("six", true, ServingState.SERVED, all6),
                service("both", true, ServingState.SERVED, every),
                service("none", true, ServingState.NOT_SERVED, unix)));
        assertEquals(List.of("one", "four", "both"), names(report, "192.0.2.10"));
        assertEquals(List.of("one", "six", "both"), names(report, "2001:db8::10"));
        assertEquals(List.of("four", "both"), names(report, "192.0.2.11"));
        assertEquals(List.of("six", "both"), names(report, "::"));
        assertEquals(
                List.of("0.0.0.0", "192.0.2.10", "2001:db8::10", "::"),
                report.all(Policy.ALL).stream()
                        .map(vip -> vip.vip().toString())
                        .sorted()
                        .toList());
    }

    private static List<String> names(VipReport report, String vip) {
        return report.of(ip(vip), Policy.ALL).orElseThrow().services().stream()
                .map(ServiceHealth::name)
                .toList();
    }

    @Test
    void shouldKnowNothingOfAnAddressNobodyListensOn() {
        VipReport report = new VipReport(List.of(service("one", true, ServingState.SERVED, at("192.0.2.10"))));
        assertTrue(report.of(ip("192.0.2.11"), Policy.ALL).isEmpty());
        assertTrue(report.of(ip("::"), Policy.ALL).isEmpty());
    }
}
