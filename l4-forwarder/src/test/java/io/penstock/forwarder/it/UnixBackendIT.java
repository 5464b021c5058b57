package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Tools;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backends at UNIX sockets, of real processes. */
@Timeout(180)
class UnixBackendIT {
    private static final long BULK = 64L << 20;

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private final int otherPort = Ports.free();

    private Path app() {
        return directory.resolve("app.sock");
    }

    /** TCP to UNIX without a file, to UNIX with one, to TCP. */
    @Test
    void shouldCarryEverythingOverBothKinds() throws Exception {
        String name = "unix:@penstock-" + directory.getFileName();
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess last = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.of(otherPort, backend)
                                .listen("\"unix:" + app() + "\"")
                                .text());
                ForwarderProcess middle = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.to(otherPort, "unix:" + app())
                                .listen("\"" + name + "\"")
                                .top("workers: 2")
                                .text());
                ForwarderProcess first = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.to(port, name).top("workers: 2").text())) {
            int idle = first.openKernelObjects();
            carry();
            for (int i = 0; i < 300; i++) {
                try (Socket client = Clients.connect(port)) {
                    Clients.assertEchoes(client, "short");
                    client.shutdownOutput();
                    Clients.assertEnded(client);
                }
            }
            first.awaitKernelObjects(idle);
            assertEquals(0, first.stop());
            assertEquals(0, middle.stop());
            assertEquals(0, last.stop());
            assertEquals(301, first.total("closed_completed"), first::log);
            assertEquals(301, middle.total("closed_completed"), middle::log);
            assertEquals(301, last.total("closed_completed"), last::log);
            backend.assertNoFailures();
        }
    }

    private void carry() throws Exception {
        Payload payload = new Payload(2, BULK);
        try (Socket client = Clients.connect(port)) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    payload.writeTo(client.getOutputStream());
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertEquals(payload.digest(), Payload.read(client.getInputStream(), 0));
            sent.join();
        }
    }

    @Test
    void shouldFindThatABackendGoesAwayAndReturns() throws Exception {
        String health = "{ tcp: {}, " + ForwarderYaml.CHECK_TIMES + " }";
        try (ForwarderProcess forwarder = ForwarderProcess.start(
                directory,
                ForwarderYaml.to(port, "unix:" + app()).health(health).text())) {
            forwarder.awaitLog("event=backend", "to=DOWN");
            for (int i = 1; i <= 2; i++) {
                int round = i;
                Files.deleteIfExists(app());
                try (ServerSocketChannel server = UnixPeers.listen(app())) {
                    Thread acceptor = new Thread(() -> greet(server));
                    acceptor.start();
                    forwarder.awaitLogged(round, "event=backend", "to=UP");
                    // The first table took it for up before it was asked.
                    forwarder.awaitLogged(round + 1, "event=table", "eligible=1");
                    assertEquals("hello", Clients.ask(port));
                }
                forwarder.awaitLogged(round + 1, "event=backend", "to=DOWN");
            }
            assertEquals(0, forwarder.stop());
            assertTrue(forwarder.log().contains("ECONNREFUSED"), forwarder::log);
        }
    }

    private static void greet(ServerSocketChannel server) {
        while (server.isOpen()) {
            try (SocketChannel peer = server.accept()) {
                UnixPeers.write(peer, "hello");
            } catch (IOException e) {
                // Closed, or a check that is gone already.
            }
        }
    }

    @Test
    void shouldServeWithNginxAtAUnixSocket() throws Exception {
        Tools.assume("nginx");
        Path config = Files.writeString(directory.resolve("nginx.conf"), """
                daemon off;
                pid %1$s/nginx.pid;
                error_log %1$s/nginx.log;
                events {}
                http {
                  access_log off;
                  client_body_temp_path %1$s/a; proxy_temp_path %1$s/b; fastcgi_temp_path %1$s/c;
                  uwsgi_temp_path %1$s/d; scgi_temp_path %1$s/e;
                  server {
                    listen unix:%1$s/app.sock proxy_protocol;
                    location / { return 200 "$proxy_protocol_addr"; }
                  }
                }
                """.formatted(directory));
        Process nginx = new ProcessBuilder("nginx", "-c", config.toString(), "-p", directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nginx.out").toFile())
                .start();
        String health = "{ http: { path: / }, proxy-protocol: v1, " + ForwarderYaml.CHECK_TIMES + " }";
        try (ForwarderProcess forwarder = ForwarderProcess.start(
                directory,
                ForwarderYaml.to(port, "unix:" + app())
                        .health(health)
                        .pool("send-proxy: v2")
                        .text())) {
            Await.until("nginx listens", () -> Files.exists(app()));
            Await.until(forwarder::log, Duration.ofSeconds(15), () -> {
                try (Socket client = Clients.connect(port)) {
                    Clients.write(client, "GET / HTTP/1.0\r\n\r\n");
                    return Clients.readToEnd(client).endsWith("127.0.0.1");
                } catch (IOException e) {
                    return false;
                }
            });
            assertEquals(0, forwarder.stop());
        } finally {
            nginx.destroy();
            nginx.waitFor();
        }
    }
}
