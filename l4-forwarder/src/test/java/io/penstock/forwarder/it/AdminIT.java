package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The admin API of a real forwarder, by the commands, by curl, and by a scraper. */
@Timeout(120)
class AdminIT {
    @TempDir
    Path directory;

    private final int port = Ports.free(2);
    private final AdminAddress address =
            AdminAddress.parse("127.0.0.1:" + (port + 1)).orElseThrow();

    /** What a command printed, and its exit code. */
    private record Said(int code, String text) {
        void assertSays(int expected, String... parts) {
            assertEquals(expected, code, text);
            for (String part : parts) {
                assertTrue(text.contains(part), () -> part + " in\n" + text);
            }
        }
    }

    private Said command(String words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(ForwarderProcess.launcher().toString());
        command.addAll(List.of(words.split(" ", -1)));
        return say(
                command,
                Map.of(
                        "PENSTOCK_ADMIN",
                        address.toString(),
                        "PENSTOCK_ADMIN_TOKEN_FILE",
                        TestToken.in(directory).toString()));
    }

    private static Said say(List<String> command, Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }

    private Reply ask(String uri) throws Exception {
        try (AdminClient client = new AdminClient(address, Duration.ofSeconds(20))) {
            return client.send("GET", uri, Optional.empty());
        }
    }

    private ForwarderYaml yaml(TestBackend... backends) throws IOException {
        return ForwarderYaml.of(port, backends)
                .top("admin: { listen: \"" + address + "\", token-file: " + TestToken.in(directory) + " }");
    }

    @Test
    void shouldChangeBackendsByCommand() throws Exception {
        try (TestBackend first = TestBackend.echo();
                TestBackend second = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(first).text())) {
            command("status").assertSays(0, "running for ", first.address(), "services", "pool test (maglev)");

            command("backend add test " + second.address() + " --id two").assertSays(0, "added two");
            command("backend add test " + second.address() + " --id two").assertSays(1, "there already");
            command("backend maintenance test " + first.address()).assertSays(0, "done");
            command("backend weight test two 7").assertSays(0, "done");
            try (Socket client = Clients.connect(port)) {
                Clients.assertEchoes(client, "to the second");
                command("connections list --backend two").assertSays(0, "test/two", "relaying");
            }
            command("status").assertSays(0, "differs from the file", "maintenance", "operator");
            command("pool show test").assertSays(0, "two", second.address());

            command("backend reset test " + first.address()).assertSays(0, "done");
            command("backend remove test two").assertSays(0, "done");
            Said status = command("status");
            assertFalse(status.text().contains("differs from the file"), status.text());
            command("backend remove test nobody").assertSays(1, "nobody");
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldEndTheDrainOfABackendThatTakesConnectionsAgain() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text());
                Socket client = Clients.connect(port)) {
            String name = " test " + backend.address();
            for (String again : List.of("enable", "reset")) {
                Clients.assertEchoes(client, "open");
                command("backend drain" + name).assertSays(0, "running");
                assertFalse(isDrainCancelled());
                command("backend " + again + name).assertSays(0, "done");
                assertTrue(isDrainCancelled(), again);
            }
            Clients.assertEchoes(client, "nobody was closed");
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldLeaveABackendDrainedWhenItsDrainIsCancelled() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text());
                Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "open");
            String name = " test " + backend.address();
            command("backend drain" + name).assertSays(0, "running");
            command("backend drain" + name + " --cancel").assertSays(0, "cancelled");
            command("status").assertSays(0, "state drain");
            assertEquals(1, forwarder.logged("event=drain-ended", "state=cancelled", "left=1"));
        }
    }

    @Test
    void shouldDrainARemovedBackendUntilNothingIsLeft() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text());
                Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "open");
            String name = " test " + backend.address();
            command("backend drain" + name).assertSays(0, "running");
            command("backend remove" + name).assertSays(0, "done");
            assertEquals(0, forwarder.logged("event=drain-ended"));
            Clients.assertEchoes(client, "open still");
            client.shutdownOutput();
            Clients.assertEnded(client);
            forwarder.awaitLog("event=drain-ended", "state=done", "ended=1", "left=0");
        }
    }

    private boolean isDrainCancelled() throws Exception {
        return ask("/v1/status").body().contains("\"cancelled\"");
    }

    @Test
    void shouldCloseAServiceAndOpenItAgain() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text());
                Socket before = Clients.connect(port)) {
            Clients.assertEchoes(before, "before");
            command("service disable test").assertSays(0, "done");
            command("service list").assertSays(0, "disabled");
            Clients.assertResetOnArrival(port);
            Clients.assertEchoes(before, "still open");
            command("service enable test").assertSays(0, "done");
            try (Socket after = Clients.connect(port)) {
                Clients.assertEchoes(after, "after");
            }
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total("closed_no_service"));
            assertEquals(0, forwarder.total("closed_no_backend"));
        }
    }

    @Test
    void shouldEndConnectionsByCommand() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text());
                Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "hello");
            command("connections kill").assertSays(1, "say which connections");
            command("connections kill --client 192.0.2.0/24").assertSays(0, "ended 0 connections and sessions");
            command("connections kill --backend other/" + backend.address())
                    .assertSays(0, "ended 0 connections and sessions");
            command("connections kill --backend test/" + backend.address())
                    .assertSays(0, "ended 1 connections and sessions");
            Clients.assertReset(client);
            Await.until(
                    "no connection left",
                    () -> forwarder.logged("event=bug") == 0
                            && ask("/v1/connections").body().contains("\"connections\": []"));
        }
    }

    /** Else it would go on for ever, and end what comes anew. */
    @Test
    void shouldEndADrainOfABackendThatIsEnabled() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text());
                Socket before = Clients.connect(port)) {
            Clients.assertEchoes(before, "from before the drain");
            command("backend drain test " + backend.address() + " --rate 1/h").assertSays(0);
            command("backend enable test " + backend.address()).assertSays(0, "done");
            forwarder.awaitLog("event=drain-ended", "state=cancelled", "left=1");
            Clients.assertEchoes(before, "and after it");
        }
    }

    /** A drain that is under way gets another pace; only signals cut. */
    @Test
    void shouldGoOnAtAnotherPaceWhenADrainIsAskedForAgain() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, yaml(backend).top("drain-timeout: 60s").text());
                Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "quiet");
            forwarder.terminate();
            forwarder.awaitLog("state=draining");
            command("drain --rate 1/h").assertSays(0);
            command("drain --rate 2/h").assertSays(0);
            forwarder.awaitLogged(2, "event=drain-begun");
            Clients.assertEchoes(client, "still served");
            command("drain --rate 500/s").assertSays(0);
            Clients.assertReset(client);
            assertEquals(0, forwarder.awaitExit());
            assertEquals(1, forwarder.total("closed_drained"));
        }
    }

    /** The process may end before the command has its answer. */
    @Test
    void shouldAnswerADrainThatEndsTheProcessAtOnce() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text())) {
            command("drain").assertSays(0, "forwarder");
            assertEquals(0, forwarder.awaitExit());
        }
    }

    /** By id too, and by source: 127.0.0.1 and 127.0.0.2. */
    @Test
    void shouldListOldestFirstAndEndThoseThatAreMeant() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text());
                Socket first = Clients.connect(port);
                Socket second = new Socket()) {
            Clients.assertEchoes(first, "first");
            Clients.connectFrom(second, "127.0.0.2", port);
            Clients.assertEchoes(second, "second");
            Said list = command("connections list --json");
            list.assertSays(0, "127.0.0.1:" + first.getLocalPort(), "127.0.0.2:" + second.getLocalPort());
            JsonArray connections = Json.parse(list.text()).getAsJsonObject().getAsJsonArray("connections");
            assertEquals(2, connections.size());
            JsonObject oldest = connections.get(0).getAsJsonObject();
            assertEquals(
                    "127.0.0.1:" + first.getLocalPort(), oldest.get("client").getAsString());
            command("connections kill --client 127.0.0.2/32").assertSays(0, "ended 1 connections and sessions");
            Clients.assertReset(second);
            Clients.assertEchoes(first, "still open");
            command("connections kill --id " + oldest.get("id").getAsLong())
                    .assertSays(0, "ended 1 connections and sessions");
            Clients.assertReset(first);
            assertEquals(0, forwarder.stop());
            assertEquals(2, forwarder.total("closed_killed"));
        }
    }

    @Test
    void shouldReloadByCommandAndSayWhyNot() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text())) {
            command("reload").assertSays(0, "nothing has changed");
            forwarder.write(yaml(backend).pool("slow-start: 1s").text());
            command("reload").assertSays(0, "applied");
            forwarder.write(ForwarderYaml.TEN_MISTAKES);
            command("reload").assertSays(1, "refused", "services.web.protocol");
            command("status").assertSays(0, "REFUSED", "services.web.protocol");
            command("status -c " + forwarder.config()).assertSays(2, "no key 'admin'");
            forwarder.write("nonsense: 1\nadmin: { listen: \"" + address + "\", token-file: missing }\n");
            command("status -c " + forwarder.config()).assertSays(0, "REFUSED");
        }
    }

    @Test
    void shouldBeScraped() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text());
                Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "hello");
            assertEquals(200, ask("/healthz").status());
            assertEquals(new Reply(200, "running\n"), ask("/readyz"));
            String metrics = ask("/metrics").body();
            assertEquals(1, sum(metrics, "penstock_tcp_accepted_total{"));
            assertEquals(1, sum(metrics, "penstock_tcp_connections{"));
            assertEquals(1, sum(metrics, "penstock_backend_connections{"));
            assertEquals(1, sum(metrics, "penstock_service_accepted_total{"));
            forwarder.terminate();
            Await.until("no longer ready", () -> ask("/readyz").status() == 503);
        }
    }

    private static double sum(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The documentation's own words. */
    @Test
    void shouldAnswerCurlAsDocumented() throws Exception {
        Path documentation = Path.of(System.getProperty("basedir", ".")).resolve("docs/admin.md");
        Path token = TestToken.in(directory);
        List<String> examples = Files.readAllLines(documentation).stream()
                .filter(line -> line.startsWith("curl ") && !line.contains("--unix-socket"))
                .map(line -> line.replace("http://127.0.0.1:9080", "http://" + address)
                        .replace("/etc/penstock/admin.token", token.toString())
                        .replace("/pools/web/", "/pools/test/")
                        .replace("pool=web", "pool=test")
                        .replace("10.0.0.13:8080", "127.0.0.1:9"))
                .toList();
        assertEquals(5, examples.size(), examples::toString);
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml(backend).text())) {
            for (String example : examples) {
                say(List.of("sh", "-c", example.replaceFirst("^curl ", "curl -sS --fail-with-body ")), Map.of())
                        .assertSays(0);
            }
            assertTrue(forwarder.isAlive());
        }
    }

    @Test
    void shouldListenOnAUnixSocket() throws Exception {
        Path socket = directory.resolve("admin.sock");
        String text = ForwarderYaml.to(port, "127.0.0.1:9")
                .top("admin: { listen: \"unix:" + socket + "\" }")
                .text();
        try (ForwarderProcess forwarder = ForwarderProcess.start(directory, text)) {
            command("status --admin unix:" + socket).assertSays(0, "running for ");
            assertEquals(0, forwarder.stop());
        }
        assertFalse(Files.exists(socket));
        command("status --admin unix:" + socket).assertSays(3, "no answer");
    }

    @Test
    void shouldNotStartWhenTheAddressIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress());
                ForwarderProcess forwarder = ForwarderProcess.launch(
                        directory,
                        ForwarderYaml.to(port, "127.0.0.1:9")
                                .top("admin: { listen: \"" + address + "\" }")
                                .text(),
                        List.of(),
                        Map.of())) {
            assertEquals(1, forwarder.awaitExit(), forwarder::log);
            assertTrue(forwarder.log().contains("cannot listen on " + address + ": address already in use"));
            assertTrue(taken.isBound());
        }
    }
}
