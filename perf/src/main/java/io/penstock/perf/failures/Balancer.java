package io.penstock.perf.failures;

import io.penstock.perf.compare.Tools;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.ForwarderProcess;
import io.penstock.perf.rig.ListeningPorts;
import io.penstock.perf.rig.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A running balancer with its log; {@link #close} ends it. */
final class Balancer implements AutoCloseable {
    private static final String PENSTOCK_RUNNING = "state=running";
    private static final int LOG_LINES_SHOWN = 10;

    /** Who takes part. */
    enum Kind {
        PENSTOCK("penstock"),
        HAPROXY("haproxy");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private final ServerProcess process;
    private final HealthLog health;

    private Balancer(ServerProcess process, HealthLog health) {
        this.process = process;
        this.health = health;
    }

    /**
     * Returns once it accepts.
     *
     * @param launcher of our forwarder
     * @param directory for its configuration and log
     */
    static Balancer start(Kind kind, Settings settings, Site site, Path launcher, Path directory, Cores cores)
            throws IOException, InterruptedException {
        Path config = Files.createTempFile(directory, kind.label(), ".config");
        Path log = Files.createTempFile(directory, kind.label(), ".log");
        Files.writeString(config, text(kind, settings, site));
        ServerProcess process = ServerProcess.start(cores.forMeasured(command(kind, launcher, config)), log, Map.of());
        Balancer balancer = new Balancer(
                process, new HealthLog(log, kind == Kind.PENSTOCK ? LogLine::ofPenstock : LogLine::ofHaproxy));
        if (!process.await(() -> isReady(kind, process, site.port()))) {
            balancer.close();
            throw new IOException(
                    kind.label() + " did not start: " + String.join("\n", process.logTail(LOG_LINES_SHOWN)));
        }
        return balancer;
    }

    HealthLog health() {
        return health;
    }

    /** Fails with its last words when it has ended. */
    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("ended: " + String.join("\n", process.logTail(LOG_LINES_SHOWN)));
        }
    }

    private static String text(Kind kind, Settings settings, Site site) {
        return kind == Kind.PENSTOCK ? PenstockSettings.yaml(settings, site) : HaproxySettings.text(settings, site);
    }

    private static List<String> command(Kind kind, Path launcher, Path config) throws IOException {
        return kind == Kind.PENSTOCK
                ? ForwarderProcess.command(launcher, config)
                : List.of(Tools.require("haproxy").toString(), "-db", "-f", config.toString());
    }

    private static boolean isReady(Kind kind, ServerProcess process, int port) {
        try {
            return ListeningPorts.contains(port)
                    && (kind == Kind.HAPROXY || process.logText().contains(PENSTOCK_RUNNING));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.close();
        health.close();
    }
}
