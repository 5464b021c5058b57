package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.NoAnswerException;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.AdminCredentials;
import io.penstock.admin.AdminCredentials.Identity;
import io.penstock.admin.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may give a real forwarder orders: every order that it knows, at each kind of address. */
@Timeout(120)
class AdminAuthenticationIT {
    @TempDir
    Path directory;

    private final int port = Ports.free(4);
    private final AdminAddress loopback = address("127.0.0.1:" + (port + 1));
    private final AdminAddress local = address("https://127.0.0.1:" + (port + 2));
    private final AdminAddress everywhere = address("0.0.0.0:" + (port + 3));

    private record Order(String method, String uri) {}

    private static AdminAddress address(String text) {
        return AdminAddress.parse(text).orElseThrow();
    }

    private AdminAddress unix() {
        return new AdminAddress.Unix(directory.resolve("admin.sock"));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static X509Bundle authority() throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private Identity identity(String name, X509Bundle authority) throws Exception {
        X509Bundle bundle = new CertificateBuilder()
                .ecp256()
                .subject("CN=" + name)
                .addSanDnsName("admin.test")
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(authority);
        return new Identity(
                write(name + ".crt", bundle.getCertificatePEM()), write(name + ".key", bundle.getPrivateKeyPEM()));
    }

    /** All that the forwarder says it can be told; of things that it does not have, so that none changes anything. */
    private static List<Order> orders(Reply description) throws IOException {
        List<Order> orders = new ArrayList<>();
        JsonObject paths = Json.parse(description.body()).getAsJsonObject().getAsJsonObject("paths");
        for (Map.Entry<String, JsonElement> path : paths.entrySet()) {
            for (String method : List.of("post", "patch", "delete", "put")) {
                if (path.getValue().getAsJsonObject().has(method)) {
                    orders.add(new Order(
                            method.toUpperCase(Locale.ROOT), path.getKey().replaceAll("\\{[^}]*}", "x")));
                }
            }
        }
        return orders;
    }

    private static Reply send(AdminAddress address, AdminCredentials credentials, Order order) throws Exception {
        Optional<JsonElement> body = order.method.equals("GET") || order.method.equals("DELETE")
                ? Optional.empty()
                : Optional.of(new JsonObject());
        try (AdminClient client = new AdminClient(address, credentials, Duration.ofSeconds(20))) {
            return client.send(order.method, order.uri, body);
        }
    }

    private static Reply get(AdminAddress address, AdminCredentials credentials, String uri) throws Exception {
        return send(address, credentials, new Order("GET", uri));
    }

    private static void assertRefused(
            int status, AdminAddress address, AdminCredentials credentials, List<Order> orders) throws Exception {
        for (Order order : orders) {
            Reply reply = send(address, credentials, order);
            assertEquals(status, reply.status(), () -> order + " at " + address + ": " + reply.body());
        }
    }

    private void assertCounted(int count, AdminAddress listener, String reason) throws Exception {
        String line = "penstock_admin_refused_total{listener=\"" + listener + "\",reason=\"" + reason + "\"} ";
        String metrics = get(unix(), AdminCredentials.NONE, "/metrics").body();
        assertTrue(metrics.contains(line + count + ".0\n"), () -> line + count + " in\n" + metrics);
    }

    @Test
    void shouldTakeOrdersOnlyFromWhoMayGiveThem() throws Exception {
        X509Bundle authority = authority();
        Path ca = write("ca.crt", authority.getCertificatePEM());
        Identity server = identity("server", authority);
        Path token = TestToken.in(directory);
        String yaml = ForwarderYaml.to(port, "127.0.0.1:9")
                .top("admin: { listen: [\"" + unix() + "\", \"" + loopback + "\", \"" + local + "\", \"" + everywhere
                        + "\"], token-file: " + token + ", tls: { certificate: " + server.certificate() + ", key: "
                        + server.key() + ", client-ca: " + ca + " } }")
                .text();
        AdminCredentials nobody = credentials(Optional.empty(), Optional.empty(), ca);
        AdminCredentials wrong = credentials(
                Optional.of(TestToken.write(directory.resolve("wrong.token"), "not-the-token-of-this-test")),
                Optional.empty(),
                ca);
        AdminCredentials bearer = credentials(Optional.of(token), Optional.empty(), ca);
        AdminCredentials certified = credentials(Optional.empty(), Optional.of(identity("client", authority)), ca);
        AdminCredentials stranger = credentials(Optional.of(token), Optional.of(identity("stranger", authority())), ca);
        try (ForwarderProcess forwarder = ForwarderProcess.start(directory, yaml)) {
            List<Order> orders = orders(get(unix(), AdminCredentials.NONE, "/v1/openapi.json"));
            assertTrue(orders.size() >= 13, orders::toString);
            for (AdminAddress address : List.of(loopback, local, everywhere)) {
                assertRefused(401, address, nobody, orders);
                assertCounted(orders.size(), address, "no-credentials");
                assertRefused(401, address, wrong, orders);
                assertCounted(orders.size(), address, "wrong-token");
            }
            Order reload = new Order("POST", "/v1/reload");
            for (AdminAddress address : List.of(unix(), loopback, local, everywhere)) {
                assertEquals(200, send(address, bearer, reload).status());
            }
            assertEquals(200, send(local, certified, reload).status());
            assertEquals(200, send(everywhere, certified, reload).status());
            for (AdminAddress address : List.of(local, everywhere)) {
                assertThrows(NoAnswerException.class, () -> send(address, stranger, reload));
                assertCounted(1, address, "tls-handshake");
            }

            assertEquals(200, get(loopback, nobody, "/v1/status").status());
            assertEquals(200, get(local, nobody, "/v1/status").status());
            for (String uri : List.of("/metrics", "/healthz", "/v1/status", "/v1/events", "/nothing")) {
                assertEquals(401, get(everywhere, nobody, uri).status(), uri);
            }
            assertEquals(200, get(everywhere, certified, "/metrics").status());

            TestToken.write(token, "the-next-token-of-this-test");
            assertEquals(200, send(loopback, bearer, reload).status(), "both read the new one");
            TestToken.write(directory.resolve("old.token"), "the-token-of-this-test");
            AdminCredentials old = credentials(Optional.of(directory.resolve("old.token")), Optional.empty(), ca);
            assertEquals(401, send(loopback, old, reload).status());
            assertEquals(0, forwarder.stop());
        }
    }

    private static AdminCredentials credentials(Optional<Path> token, Optional<Identity> identity, Path ca) {
        return new AdminCredentials(token, identity, Optional.of(ca), Optional.of("admin.test"));
    }

    @Test
    void shouldTakeNoOrdersAtLoopbackWithoutAToken() throws Exception {
        String yaml = ForwarderYaml.to(port, "127.0.0.1:9")
                .top("admin: { listen: [\"" + unix() + "\", \"" + loopback + "\"] }")
                .text();
        AdminCredentials bearer = AdminCredentials.token(TestToken.in(directory));
        try (ForwarderProcess forwarder = ForwarderProcess.start(directory, yaml)) {
            List<Order> orders = orders(get(loopback, AdminCredentials.NONE, "/v1/openapi.json"));
            assertRefused(403, loopback, AdminCredentials.NONE, orders);
            assertRefused(403, loopback, bearer, orders);
            assertCounted(2 * orders.size(), loopback, "read-only");
            assertEquals(1, run("reload", "--admin", loopback.toString()).exitValue());
            assertEquals(0, run("reload", "-c", forwarder.config().toString()).exitValue());
        }
    }

    @Test
    void shouldRefuseToListenOffThisHostWithoutAuthentication() throws Exception {
        String yaml = ForwarderYaml.to(port, "127.0.0.1:9").text();
        Path config = write("forwarder.yaml", "admin:\n  listen: [\"127.0.0.1:9\", \"192.0.2.1:9443\"]\n" + yaml);
        for (String command : List.of("check", "run")) {
            Process process = run(command, "-c", config.toString());
            assertEquals(1, process.exitValue());
            String said = Files.readString(directory.resolve("said"));
            assertTrue(
                    said.contains("forwarder.yaml:2:27: admin.listen[1]: others than this host reach it, so it needs"),
                    said);
        }
    }

    private Process run(String... words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(ForwarderProcess.launcher().toString());
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile())
                .start();
        process.waitFor();
        return process;
    }
}
