package io.penstock.bgp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.testing.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A gobgpd with its API on a port of the loopback interface or a UNIX socket, and the command line client for a look from outside. */
public final class Gobgpd implements AutoCloseable {
    private static final int COMMAND_LIMIT_S = 30;

    private final TestDaemon.Host host;
    private final Path log;
    private final List<String> command;

    /** As the client has it. */
    private final List<String> target;

    private final Listening listening;
    private TestDaemon daemon;

    /** Whether its API can be connected to. */
    private interface Listening {
        boolean isSo() throws Exception;
    }

    private Gobgpd(TestDaemon.Host host, Path directory, List<String> command, List<String> target, Listening listening)
            throws Exception {
        this.host = host;
        this.command = command;
        this.target = target;
        this.listening = listening;
        log = directory.resolve("gobgpd.log");
        start();
    }

    /** The calling test is skipped when there is none to be had. */
    public static void assumeInstalled() {
        for (String name : List.of("gobgpd", "gobgp")) {
            assumeTrue(isOnPath(name), "skipped: " + name + " is not installed");
        }
    }

    static boolean isOnPath(String name) {
        for (String directory : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(directory, name))) {
                return true;
            }
        }
        return false;
    }

    /** A port that nobody has, of this host's loopback interface. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * On this host.
     *
     * @param options of gobgpd, beside those of its API
     */
    public static Gobgpd onPort(Path directory, int port, String... options) throws Exception {
        return new Gobgpd(
                ProcessBuilder::start,
                directory,
                command("127.0.0.1:" + port, options),
                List.of("-p", Integer.toString(port)),
                () -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        return socket.isConnected();
                    } catch (IOException notYet) {
                        return false;
                    }
                });
    }

    /**
     * Where the loopback interface is another's: a UNIX socket is reached from every network namespace.
     *
     * @param host that it is on; this one is {@code ProcessBuilder::start}
     */
    public static Gobgpd onSocket(TestDaemon.Host host, Path directory, Path socket, String... options)
            throws Exception {
        return new Gobgpd(
                host,
                directory,
                command("unix://" + socket, options),
                List.of("--target", "unix://" + socket),
                () -> Files.exists(socket));
    }

    private static List<String> command(String address, String... options) {
        List<String> words =
                new ArrayList<>(List.of("gobgpd", "--log-plain", "--pprof-disable", "--api-hosts", address));
        words.addAll(List.of(options));
        return words;
    }

    /** Anew, when it was killed. */
    public void start() throws Exception {
        daemon = TestDaemon.start(host, log, command);
        NetworkNamespace.await("gobgpd listens", () -> {
            assertTrue(daemon.isAlive(), daemon::log);
            return listening.isSo();
        });
    }

    public void kill() {
        daemon.kill();
    }

    public void freeze() throws Exception {
        daemon.freeze();
    }

    public void thaw() throws Exception {
        daemon.thaw();
    }

    public String log() {
        return daemon.log();
    }

    /**
     * What gobgp(1) prints, which must succeed.
     *
     * @param words with one space between
     */
    public String cli(String words) throws Exception {
        List<String> line = new ArrayList<>(List.of("gobgp"));
        line.addAll(target);
        line.addAll(List.of(words.split(" ", -1)));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(COMMAND_LIMIT_S, TimeUnit.SECONDS), words);
        assertEquals(0, process.exitValue(), () -> words + ": " + output);
        return output;
    }

    /** Writes each change of its table into a file, until it is killed. */
    TestDaemon watch(Path changes) throws Exception {
        List<String> line = new ArrayList<>(List.of("gobgp"));
        line.addAll(target);
        line.addAll(List.of("monitor", "global", "rib"));
        return TestDaemon.start(ProcessBuilder::start, changes, line);
    }

    @Override
    public void close() {
        daemon.kill();
    }
}
