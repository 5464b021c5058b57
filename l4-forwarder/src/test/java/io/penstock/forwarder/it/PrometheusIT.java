package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.penstock.testing.Tools;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is shipped for Prometheus and Grafana, held against a real Prometheus that scrapes a real forwarder. */
@Timeout(180)
class PrometheusIT {
    private static final Path SHARE =
            ForwarderProcess.launcher().resolve("../../share").normalize();
    private static final Path RULES = SHARE.resolve("prometheus/penstock.rules.yml");
    private static final Path DASHBOARD = SHARE.resolve("grafana/penstock.json");
    private static final Path DOCUMENTED =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("docs/metrics.md");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** A metric's name in an expression or a page: of the forwarder, or of what every process has. */
    private static final Pattern NAME = Pattern.compile("\\b(penstock|process|jvm)_[a-z0-9_]+");

    /** What has no series before it happens for the first time, or without the section {@code xdp}. */
    private static final Pattern ONLY_ONCE_THERE =
            Pattern.compile("penstock_(admin_refused_total|drain_[a-z_]+|backend_transitions_total|xdp_[a-z_]+)");

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private final int admin = Ports.free();

    @Test
    void shouldKeepWhatItsTestsPromise() throws Exception {
        Tools.assume("promtool");
        assertEquals("", promtool("check", "rules", RULES.toString()));
        assertEquals(
                "",
                promtool(
                        "test",
                        "rules",
                        SHARE.resolve("prometheus/penstock.rules.test.yml").toString()));
        String tests = Files.readString(SHARE.resolve("prometheus/penstock.rules.test.yml"));
        Matcher alerts = Pattern.compile("- alert: (\\w+)").matcher(Files.readString(RULES));
        while (alerts.find()) {
            assertTrue(
                    Pattern.compile("alertname: " + alerts.group(1) + "\\n\\s+exp_alerts:\\n")
                            .matcher(tests)
                            .find(),
                    () -> alerts.group(1) + " fires in no test");
        }
    }

    /** Empty when it is content. */
    private String promtool(String... words) throws Exception {
        String[] command = new String[words.length + 1];
        command[0] = "promtool";
        System.arraycopy(words, 0, command, 1, words.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return process.exitValue() == 0 ? "" : said;
    }

    @Test
    @SuppressWarnings("try") // it dies before its time
    void shouldBeScrapedAndAlertWhenABackendDiesUntilItIsBack() throws Exception {
        try (TestBackend steady = TestBackend.echo()) {
            TestBackend mortal = TestBackend.echo();
            int mortalPort = mortal.port();
            try (ForwarderProcess forwarder = ForwarderProcess.start(directory, yaml(steady, mortal));
                    PrometheusServer prometheus = PrometheusServer.start(directory, admin, impatientRules())) {
                // The kernel's view is sampled of connections that are open.
                Socket open = Clients.connect(port);
                Clients.assertEchoes(open, "sampled");
                Await.until("traffic in a scrape", LIMIT, () -> {
                    exchange();
                    return has(prometheus, "sum(penstock_service_closed_total{reason=\"completed\"}) > 5")
                            && has(prometheus, "sum(penstock_service_first_byte_seconds_count) > 5")
                            && isSampled(prometheus, "rtt_seconds")
                            && isSampled(prometheus, "retransmitted_ratio")
                            && isSampled(prometheus, "delivery_rate_bytes_per_second")
                            // Of the scrapes before.
                            && has(prometheus, "penstock_admin_requests_total > 2");
                });
                open.close();
                assertEquals(1, prometheus.query("up == 1").size());
                assertEverythingIsThere(prometheus);
                assertEquals(Set.of(), prometheus.firing("BackendDown"));

                mortal.close();
                Await.until("BackendDown", LIMIT, () -> prometheus
                        .firing("BackendDown")
                        .equals(Set.of("mortal")));
                assertEquals(Set.of(), prometheus.firing("NoHealthyBackends"), "the other one still serves");
                try (TestBackend again = TestBackend.at("127.0.0.1", mortalPort, TestBackend::echo)) {
                    Await.until("BackendDown clears", LIMIT, () -> prometheus
                            .firing("BackendDown")
                            .isEmpty());
                    assertTrue(again.port() > 0);
                }
                Await.until("BackendDown again", LIMIT, () -> !prometheus
                        .firing("BackendDown")
                        .isEmpty());
                steady.close();
                Await.until("NoHealthyBackends", LIMIT, () -> !prometheus
                        .firing("NoHealthyBackends")
                        .isEmpty());
                forwarder.offer("services: {}\n");
                Await.until("TableNotApplied", LIMIT, () -> !prometheus
                        .firing("TableNotApplied")
                        .isEmpty());
                assertEquals(0, forwarder.stop());
                Await.until("ForwarderDown", LIMIT, () -> !prometheus
                        .firing("ForwarderDown")
                        .isEmpty());
            } finally {
                mortal.close();
            }
        }
    }

    private String yaml(TestBackend steady, TestBackend mortal) {
        return ForwarderYaml.to(
                        port,
                        "{ id: steady, address: \"" + steady.address() + "\" }",
                        "{ id: mortal, address: \"" + mortal.address() + "\" }")
                .top("admin: { listen: \"127.0.0.1:" + admin + "\" }")
                .top("flow-log: { file: { path: " + directory.resolve("flows.log") + " } }")
                .health("{ tcp: {}, " + ForwarderYaml.CHECK_TIMES + " }")
                .text();
    }

    /** As shipped, but nothing is pending for long. */
    private Path impatientRules() throws Exception {
        String rules = Files.readString(RULES).replaceAll("for: \\d+[smh]", "for: 1s");
        return Files.writeString(directory.resolve("penstock.rules.yml"), rules);
    }

    private void exchange() throws Exception {
        try (Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "counted");
        }
    }

    private static boolean has(PrometheusServer prometheus, String expression) throws Exception {
        return !prometheus.query(expression).isEmpty();
    }

    /** Twice, as a rate takes two. */
    private static boolean isSampled(PrometheusServer prometheus, String histogram) throws Exception {
        return has(prometheus, "count_over_time(penstock_backend_" + histogram + "_count[1m]) > 1");
    }

    private static void assertEverythingIsThere(PrometheusServer prometheus) throws Exception {
        Set<String> there = prometheus.names();
        for (Path file : new Path[] {RULES, DASHBOARD, DOCUMENTED}) {
            Set<String> missing = new TreeSet<>();
            Matcher names = NAME.matcher(Files.readString(file));
            while (names.find()) {
                String name = names.group();
                boolean expected = there.contains(name)
                        || there.contains(name + "_bucket")
                        || ONLY_ONCE_THERE.matcher(name).matches();
                if (!expected) {
                    missing.add(name);
                }
            }
            assertEquals(Set.of(), missing, () -> "named in " + file.getFileName() + ", never scraped");
        }
        for (Map.Entry<String, String> panel : expressions().entrySet()) {
            // Whether Prometheus understands it, and there is something to see of traffic that went well.
            JsonArray series = prometheus.query(panel.getValue());
            boolean quiet = panel.getKey()
                    .matches(".*(Failed connects|Ends, by outcome|Flow log: lines lost|Waiting for a backend).*");
            assertTrue(quiet || !series.isEmpty(), () -> panel.getKey() + ": " + panel.getValue());
        }
    }

    /** Of each panel's queries, with Grafana's variables as they are at first. */
    private static Map<String, String> expressions() throws Exception {
        Map<String, String> expressions = new LinkedHashMap<>();
        JsonObject dashboard =
                JsonParser.parseString(Files.readString(DASHBOARD)).getAsJsonObject();
        for (JsonElement panel : dashboard.getAsJsonArray("panels")) {
            JsonArray targets = panel.getAsJsonObject().getAsJsonArray("targets");
            for (int i = 0; targets != null && i < targets.size(); i++) {
                String expression = targets.get(i).getAsJsonObject().get("expr").getAsString();
                expressions.put(
                        panel.getAsJsonObject().get("title").getAsString() + " of panel "
                                + panel.getAsJsonObject().get("id").getAsInt() + "/" + i,
                        expression
                                .replace("$__rate_interval", "1m")
                                .replaceAll("\\$(job|instance|service|pool)", ".*"));
            }
        }
        assertFalse(expressions.isEmpty());
        return expressions;
    }
}
