package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.penstock.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that people use, to their own servers, unchanged. */
@Timeout(60)
class ToolsIT {
    private static final String LOOPBACK = "127.0.0.1";

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private final int serverPort = Ports.free();
    private Programs programs;

    @BeforeEach
    void setUp() {
        programs = new Programs(directory);
    }

    @AfterEach
    void tearDown() throws Exception {
        programs.close();
    }

    @Test
    void shouldServeCurl() throws Exception {
        Tools.assume("curl");
        byte[] page = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        try (ForwarderProcess forwarder = start()) {
            Path body = directory.resolve("body");
            String url = "http://" + LOOPBACK + ":" + port + "/";
            // Three requests on one connection, then an upload with a body of its own.
            String codes = programs.run(
                    "curl",
                    "-sS",
                    "-m",
                    "20",
                    "-o",
                    body.toString(),
                    "-w",
                    "%{http_code}\\n",
                    url,
                    "-o",
                    body.toString(),
                    url,
                    "-o",
                    body.toString(),
                    url);
            assertEquals("200\n200\n200\n", codes);
            assertEquals(page.length, Files.size(body));
            assertEquals(
                    "200",
                    programs.run(
                            "curl",
                            "-sS",
                            "-m",
                            "20",
                            "-o",
                            "/dev/null",
                            "-w",
                            "%{http_code}",
                            "--data-binary",
                            "@" + body,
                            url));
            assertEquals(0, forwarder.stop());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void shouldServeRedisBenchmark() throws Exception {
        Tools.assume("redis-server", "redis-benchmark");
        programs.launch(
                "redis-server",
                "--port",
                text(serverPort),
                "--bind",
                LOOPBACK,
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                directory.toString(),
                "--daemonize",
                "no");
        try (ForwarderProcess forwarder = start()) {
            awaitListening();
            String csv = programs.run(
                    "redis-benchmark",
                    "-h",
                    LOOPBACK,
                    "-p",
                    text(port),
                    "-c",
                    "50",
                    "-n",
                    "20000",
                    "-P",
                    "8",
                    "-d",
                    "512",
                    "-t",
                    "ping_inline,set,get,lpush,mset",
                    "--csv");
            assertEquals(
                    5,
                    csv.lines()
                            .filter(Pattern.compile("^\"(PING_INLINE|SET|GET|LPUSH|MSET)")
                                    .asPredicate())
                            .count(),
                    csv);
            assertTrue(!csv.contains("rror"), csv);
            assertEquals(0, forwarder.stop());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-R", "--bidir"})
    void shouldServeIperf3(String direction) throws Exception {
        Tools.assume("iperf3");
        Programs.Program server =
                programs.launch("iperf3", "-s", "-1", "--forceflush", "-B", LOOPBACK, "-p", text(serverPort));
        try (ForwarderProcess forwarder = start()) {
            // Not by a connect: a server that ends after one test would take that for it.
            server.awaitSaid("listening");
            String json =
                    programs.run("iperf3", "-c", LOOPBACK, "-p", text(port), "-n", "512M", "-P", "2", "-J", direction);
            assertTrue(json.contains("\"sum_received\""), json);
            assertTrue(!json.contains("\"error\""), json);
            assertEquals(0, forwarder.stop());
            // Less than was sent: at the end of a test iperf3 drops what is still under way.
            assertTrue(
                    forwarder.total("bytes_to_backends") + forwarder.total("bytes_to_clients") >= 300_000_000,
                    forwarder.log());
        }
    }

    private ForwarderProcess start() throws Exception {
        return ForwarderProcess.start(
                directory, ForwarderYaml.to(port, LOOPBACK + ":" + serverPort).text());
    }

    private static String text(int number) {
        return Integer.toString(number);
    }

    private void awaitListening() throws Exception {
        Await.until("the server listens", () -> {
            try (Socket probe = Clients.connect(serverPort)) {
                return probe.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
    }
}
