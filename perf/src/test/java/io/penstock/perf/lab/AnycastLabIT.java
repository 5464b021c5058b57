package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The labs {@code anycast} and {@code anycast-frr} with real agents and daemons: which site serves whom, and what stays unharmed. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class AnycastLabIT {
    private static final List<String> VIPS = List.of("192.0.2.10", "2001:db8:10::80");

    /** Each with a port of its own: that both forwarders have one is as good as certain. */
    private static final int REQUESTS = 16;

    @ParameterizedTest
    @ValueSource(strings = {"anycast", "anycast-frr"})
    void shouldServeEachClientAtItsSiteAndHarmNoOtherConnections(String topology) throws Exception {
        assumeTrue(
                topology.equals("anycast") || Files.isExecutable(Path.of("/usr/lib/frr/bgpd")), "skipped: no FRR here");
        Lab lab = Lab.of(topology, "ac", "bird", "gobgpd", "nft", "ping");
        try (lab) {
            lab.up();
            for (String vip : VIPS) {
                assertServedBy(lab, "client-a", vip, "b[123]-a 10\\.1\\.9\\.[12]");
                assertServedBy(lab, "client-b", vip, "b[123]-b 10\\.2\\.9\\.[12]");
            }
            drainOne(lab);
            loseOne(lab);
            loseASite(lab);
        }
        assertEquals(List.of(), lab.traces());
    }

    private static void assertServedBy(Lab lab, String client, String vip, String expected) throws IOException {
        String request = "exec 3<>/dev/tcp/" + vip
                + "/80 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && timeout 5 sed -n '/^b/p' <&3";
        String requests = "for ((i = 0; i < " + REQUESTS + "; i++)); do (" + request + "); done";
        List<String> answers =
                lab.run("shell", client, "bash", "-c", requests).lines().toList();
        assertEquals(REQUESTS, answers.size(), answers::toString);
        answers.forEach(answer -> assertTrue(answer.matches(expected), answers::toString));
        assertEquals(2, forwarders(answers), answers::toString);
        // A source has one backend, whichever forwarder it came through.
        assertEquals(
                1,
                answers.stream()
                        .map(answer -> answer.substring(0, answer.indexOf(' ')))
                        .distinct()
                        .count(),
                answers::toString);
    }

    private static long forwarders(List<String> answers) {
        return answers.stream()
                .map(answer -> answer.substring(answer.indexOf(' ')))
                .distinct()
                .count();
    }

    private static void drainOne(Lab lab) throws IOException {
        try (LabTraffic traffic = new LabTraffic(lab)) {
            traffic.await(1, second -> second.of("f1-a") > 0 && second.of("lasting") == 100);
            lab.run("break", "f1-a.drain");
            traffic.await(2, second -> second.of("f1-a") == 0 && second.of("f2-a") > 0);
            lab.run("heal", "f1-a.drain");
            traffic.await(2, second -> second.of("f1-a") > 0 && second.of("f2-a") > 0);
            Map<String, Integer> total = traffic.end();
            assertEquals(0, total.get("failed"), traffic::said);
            assertEquals(0, total.get("broken"), traffic::said);
            assertEquals(0, total.get("strayed"), traffic::said);
        }
    }

    private static void loseOne(Lab lab) throws IOException {
        try (LabTraffic traffic = new LabTraffic(lab)) {
            traffic.await(1, second -> second.of("f1-a") > 0 && second.of("lasting") == 100);
            lab.run("break", "f1-a.silent");
            // What it had is reset, and connects anew.
            traffic.await(2, second -> second.of("broken") > 0 && second.of("lasting") == 100);
            lab.run("heal", "f1-a.silent");
            traffic.await(2, second -> second.of("f1-a") > 0 && second.of("f2-a") > 0);
            Map<String, Integer> total = traffic.end();
            assertTrue(total.getOrDefault("f1-a-broken", 0) > 0, traffic::said);
            assertFalse(total.containsKey("f2-a-broken"), traffic::said);
            assertEquals(0, total.get("strayed"), traffic::said);
        }
    }

    private static void loseASite(Lab lab) throws IOException {
        try (LabTraffic own = new LabTraffic(lab);
                LabTraffic others = new LabTraffic(lab, "client-b")) {
            own.await(1, second -> second.of("f1-a") > 0 && second.of("lasting") == 100);
            others.await(1, second -> second.of("f1-b") > 0 && second.of("lasting") == 100);
            lab.run("break", "site-a.links");
            own.await(2, second -> second.of("f1-b") > 0 && second.of("f2-b") > 0 && second.of("lasting") == 100);
            lab.run("heal", "site-a.links");
            own.await(2, second -> second.of("f1-a") > 0 && second.of("f2-a") > 0);
            Map<String, Integer> total = own.end();
            // What went to the other site stays there.
            assertFalse(total.containsKey("f1-b-broken"), own::said);
            assertFalse(total.containsKey("f2-b-broken"), own::said);
            assertEquals(0, others.end().get("broken"), others::said);
        }
    }
}
