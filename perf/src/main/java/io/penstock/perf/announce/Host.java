package io.penstock.perf.announce;

import io.penstock.perf.rig.ServerProcess;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The host that announces: a gobgpd without a configuration of its own, and the agent with its guard. NOT thread safe. */
final class Host implements AutoCloseable {
    static final int ASN = 65001;

    private static final int DAEMON_PORT = 50051;
    private static final String DAEMON = "127.0.0.1:" + DAEMON_PORT;
    private static final String CONFIGURATION = """
            state-directory: %s
            gobgp: { address: "%s" }
            global: { asn: %d, router-id: %s }
            peers: { router: { address: %s, asn: %d } }
            allow: [ 192.0.2.0/24, 198.18.0.0/15 ]
            vips:
            """;
    private static final Pattern DESTINATIONS = Pattern.compile("Destination: (\\d+)");
    private static final long LIMIT_S = 10;
    private static final long EXIT_LIMIT_S = 20;

    private final Path launcher;
    private final Path directory;
    private ServerProcess gobgpd;
    private ServerProcess agent;
    private Path log;
    private int runs;

    /** @param launcher of the agent */
    Host(Path launcher, Path directory) {
        this.launcher = launcher;
        this.directory = directory;
    }

    void startDaemon() throws IOException {
        gobgpd = ServerProcess.start(
                List.of("gobgpd", "--api-hosts", DAEMON, "--pprof-disable", "--log-plain"),
                directory.resolve("gobgpd.log"),
                Map.of());
    }

    void killDaemon() throws InterruptedException {
        kill(gobgpd);
    }

    /** Starts the agent and waits until its guard is ready. */
    void startAgent(List<String> vips) throws IOException, InterruptedException {
        StringBuilder yaml = new StringBuilder(CONFIGURATION.formatted(
                directory.resolve("state"), DAEMON, ASN, Neighbour.OWN_ADDRESS, Neighbour.ADDRESS, Neighbour.ASN));
        vips.forEach(vip -> yaml.append("  ").append(vip).append('\n'));
        Path file = Files.writeString(directory.resolve("agent.yaml"), yaml);
        log = directory.resolve("agent-" + ++runs + ".log");
        ServerProcess started =
                ServerProcess.start(List.of(launcher.toString(), "run", "-c", file.toString()), log, Map.of());
        agent = started;
        if (!started.await(() -> agentLog().contains("what=ready"))) {
            throw new IOException("the agent did not start: " + started.logTail(10));
        }
    }

    /** What the agent of now has said. */
    String agentLog() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "";
        }
    }

    /** SIGKILL, which its guard does not get. */
    void killAgent() throws InterruptedException {
        kill(agent);
    }

    private static void kill(ServerProcess process) throws InterruptedException {
        ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
        handle.destroyForcibly();
        while (handle.isAlive()) {
            Thread.sleep(1);
        }
    }

    /** SIGTERM; what it has announced is withdrawn when it has ended. */
    void stopAgent() throws IOException, InterruptedException {
        ProcessHandle handle = ProcessHandle.of(agent.pid()).orElseThrow();
        handle.destroy();
        for (long leftMs = TimeUnit.SECONDS.toMillis(EXIT_LIMIT_S); handle.isAlive(); leftMs -= 10) {
            if (leftMs <= 0) {
                throw new IOException("the agent does not end: " + agent.logTail(10));
            }
            Thread.sleep(10);
        }
    }

    /** How many networks the daemon's table has; -1 when it does not say. */
    int announced() throws IOException, InterruptedException {
        if (!isListening()) {
            // The command would wait for a second before it tries again.
            return -1;
        }
        ToolRun summary = ToolRun.of(List.of("gobgp", "global", "rib", "summary"), LIMIT_S);
        Matcher destinations = DESTINATIONS.matcher(summary.output());
        return summary.exitCode() == 0 && destinations.find() ? Integer.parseInt(destinations.group(1)) : -1;
    }

    private static boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), DAEMON_PORT)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    /** As somebody else would, or by mistake. */
    void wipe() throws IOException, InterruptedException {
        ToolRun.outputOf(List.of("gobgp", "global", "rib", "del", "all"), LIMIT_S);
    }

    @Override
    public void close() {
        if (agent != null) {
            agent.close();
        }
        if (gobgpd != null) {
            gobgpd.close();
        }
    }
}
