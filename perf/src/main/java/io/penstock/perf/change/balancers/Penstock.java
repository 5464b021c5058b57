package io.penstock.perf.change.balancers;

import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.ForwarderProcess;
import io.penstock.perf.rig.ListeningPorts;
import io.penstock.perf.rig.ServerProcess;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Our forwarder: a reload is SIGHUP after its file has changed, a hand-over is {@code run --take-over}. */
public final class Penstock implements Balancer {
    /** Two, as many as HAProxy has threads, so that listeners are groups of sockets here, on one core for both. */
    static final int WORKERS = 2;

    private static final String RUNNING = "state=running";
    private static final String APPLIED = "event=config-applied";
    private static final String REFUSED = "event=config-refused";
    private static final String UNCHANGED = "event=config-unchanged";
    private static final long APPLY_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int SIGNAL_TIMEOUT_S = 5;
    private static final int LOG_LINES_SHOWN = 10;

    private final Path launcher;
    private final Path directory;
    private final Cores cores;
    private final String drainTimeout;
    private final Path config;
    private final Optional<Path> socket;
    private final List<ServerProcess> processes = new ArrayList<>();
    private int port;
    private LogTail log;

    private Penstock(Path launcher, Path directory, Cores cores, String drainTimeout, boolean replaceable) {
        this.launcher = launcher;
        this.directory = directory;
        this.cores = cores;
        this.drainTimeout = drainTimeout;
        config = directory.resolve("forwarder.yaml");
        socket = Optional.of(directory.resolve("forwarder.sock")).filter(path -> replaceable);
    }

    /**
     * Returns once it accepts.
     *
     * @param launcher of the forwarder
     * @param directory for its files, empty
     * @param drainTimeout how long a process that was replaced may take, such as {@code 30s}
     * @param replaceable whether another process can take over
     */
    public static Penstock start(
            Site site, Path launcher, Path directory, Cores cores, String drainTimeout, boolean replaceable)
            throws IOException, InterruptedException {
        Penstock penstock = new Penstock(launcher, directory, cores, drainTimeout, replaceable);
        penstock.write(site);
        penstock.run(List.of());
        return penstock;
    }

    @Override
    public String label() {
        return "penstock";
    }

    @Override
    public void reload(Site site) throws IOException, InterruptedException {
        write(site);
        ToolRun.outputOf(List.of("sh", "-c", "kill -HUP " + last().pid()), SIGNAL_TIMEOUT_S);
        String said = log.await(APPLY_TIMEOUT_NS, List.of(APPLIED, REFUSED, UNCHANGED))
                .orElseThrow(() -> new IOException("said nothing of a changed file: " + lastWords()));
        if (!said.contains(APPLIED)) {
            throw new IOException("did not apply a changed file: " + lastWords());
        }
    }

    @Override
    public void handOver() throws IOException, InterruptedException {
        run(List.of("--take-over"));
    }

    private void write(Site site) throws IOException {
        port = site.port();
        Path next = directory.resolve("forwarder.next");
        Files.writeString(next, yaml(site, socket, drainTimeout));
        Files.move(next, config, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Beside those that run. */
    private void run(List<String> more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ForwarderProcess.command(launcher, config));
        command.addAll(more);
        Path logFile = Files.createTempFile(directory, "forwarder", ".log");
        ServerProcess process = ServerProcess.start(cores.forMeasured(command), logFile, Map.of());
        processes.add(process);
        if (!process.await(() -> isReady(process))) {
            throw new IOException("did not start: " + lastWords());
        }
        if (log != null) {
            log.close();
        }
        log = new LogTail(logFile);
    }

    private boolean isReady(ServerProcess process) {
        try {
            return process.logText().contains(RUNNING) && ListeningPorts.contains(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerProcess last() {
        return processes.get(processes.size() - 1);
    }

    private String lastWords() {
        try {
            return String.join("\n", last().logTail(LOG_LINES_SHOWN));
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    @Override
    public List<Long> pids() {
        return processes.stream()
                .filter(ServerProcess::isAlive)
                .map(ServerProcess::pid)
                .toList();
    }

    /** The backends are not checked. */
    static String yaml(Site site, Optional<Path> socket, String drainTimeout) {
        StringBuilder text = new StringBuilder("""
                workers: %d
                drain-timeout: %s
                """.formatted(WORKERS, drainTimeout));
        socket.ifPresent(path -> text.append("take-over: { socket: \"%s\" }%n".formatted(path)));
        text.append("services:\n");
        List<String> addresses = new ArrayList<>(List.of(address(site.port())));
        StringBuilder others = new StringBuilder();
        for (Site.Listener extra : site.extras()) {
            if (extra.ownService()) {
                others.append("  extra-%d: { listen: %s, pool: %s }%n"
                        .formatted(extra.port(), address(extra.port()), Site.NAME));
            } else {
                addresses.add(address(extra.port()));
            }
        }
        text.append("  %s: { listen: [%s] }%n".formatted(Site.NAME, String.join(", ", addresses)));
        text.append(others);
        text.append("""
                pools:
                  %s:
                    balance: { policy: round-robin }
                    health: none
                    backends:
                """.formatted(Site.NAME));
        for (Site.Server server : site.backends()) {
            text.append("      - { id: %s, address: %s, weight: %d }%n"
                    .formatted(server.name(), address(server.port()), server.weight()));
        }
        return text.toString();
    }

    private static String address(int port) {
        return "\"127.0.0.1:" + port + "\"";
    }

    @Override
    public void close() {
        processes.forEach(ServerProcess::close);
    }
}
