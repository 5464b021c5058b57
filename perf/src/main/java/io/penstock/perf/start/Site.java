package io.penstock.perf.start;

import io.penstock.perf.rig.ForwarderProcess;
import io.penstock.perf.rig.LoopbackPorts;
import io.penstock.perf.rig.ProcessMemory;
import io.penstock.perf.rig.ProcessUsage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A configuration with all defaults and a listening admin server, and a backend that sends back a byte. */
final class Site implements AutoCloseable {
    private static final long START_LIMIT_NS = 30_000_000_000L;
    private static final int SOCKET_TIMEOUT_MS = 1_000;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MIB = 1 << 20;
    private static final String WARM = "event=warm";

    /** Of the last log line: the compilers are done with what the warm-up asked of them. */
    private static final long REST_MS = 2_000;

    private static final long CLIENT_POLL_MS = 1;
    private static final long LOG_POLL_MS = 20;

    private final Path directory;
    private final Path launcher;
    private final int port;
    private final ServerSocket backend = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    Site(Path directory, Path launcher) throws IOException {
        this.directory = directory;
        this.launcher = launcher;
        List<Integer> ports = LoopbackPorts.pick(2);
        port = ports.get(0);
        Files.writeString(config(), """
                admin: { listen: "127.0.0.1:%d" }
                services:
                  web: { listen: "127.0.0.1:%d" }
                pools:
                  web: { backends: ["127.0.0.1:%d"] }
                """.formatted(ports.get(1), port, backend.getLocalPort()));
        Thread answering = new Thread(this::answer, "backend");
        answering.setDaemon(true);
        answering.start();
    }

    private Path config() {
        return directory.resolve("forwarder.yaml");
    }

    /** One from the exec to rest, and its end. */
    OneStart start(Map<String, String> environment) throws IOException, InterruptedException {
        Path log = directory.resolve("forwarder.log");
        Files.deleteIfExists(log);
        long startNs = System.nanoTime();
        try (ForwarderProcess forwarder = ForwarderProcess.start(launcher, config(), log, port, environment)) {
            while (!isServed()) {
                if (!forwarder.isAlive() || System.nanoTime() - startNs > START_LIMIT_NS) {
                    throw new IOException("no start: " + forwarder.logTail(5));
                }
                Thread.sleep(CLIENT_POLL_MS);
            }
            double servedMs = (System.nanoTime() - startNs) / NANOS_PER_MILLI;
            List<Long> pid = List.of(forwarder.pid());
            double cpuMs = ProcessUsage.cpuNs(pid) / NANOS_PER_MILLI;
            while (forwarder.isAlive()
                    && !Files.readString(log).contains(WARM)
                    && System.nanoTime() - startNs < START_LIMIT_NS) {
                Thread.sleep(LOG_POLL_MS);
            }
            Thread.sleep(REST_MS);
            return new OneStart(servedMs, cpuMs, ProcessMemory.residentBytes(forwarder.pid()) / MIB);
        }
    }

    private boolean isServed() {
        try (Socket client = new Socket()) {
            client.setSoTimeout(SOCKET_TIMEOUT_MS);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SOCKET_TIMEOUT_MS);
            client.getOutputStream().write(1);
            return client.getInputStream().read() >= 0;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Checks only connect; they are closed as well. */
    private void answer() {
        while (!backend.isClosed()) {
            try (Socket client = backend.accept()) {
                client.setSoTimeout(SOCKET_TIMEOUT_MS);
                int octet = client.getInputStream().read();
                if (octet >= 0) {
                    client.getOutputStream().write(octet);
                }
            } catch (IOException e) {
                // The next one, unless this is the end.
            }
        }
    }

    @Override
    public void close() throws IOException {
        backend.close();
    }
}
