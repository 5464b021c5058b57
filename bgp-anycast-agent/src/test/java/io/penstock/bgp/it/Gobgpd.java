package io.penstock.bgp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.testing.NetworkNamespace;
import io.penstock.testing.TestDaemon;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A gobgpd with its API on the loopback interface or a UNIX socket, and the command line client for a look from outside. */
public final class Gobgpd implements AutoCloseable {
    /** Of its API. */
    public static final int PORT = 50_051;

    private static final int COMMAND_LIMIT_S = 30;

    private final TestDaemon.Host host;
    private final Path log;
    private final List<String> command;

    /** As the client has it. */
    private final List<String> target;

    private final SocketAddress api;
    private TestDaemon daemon;

    private Gobgpd(TestDaemon.Host host, Path directory, List<String> command, List<String> target, SocketAddress api)
            throws Exception {
        this.host = host;
        this.command = command;
        this.target = target;
        this.api = api;
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

    /**
     * An address of the loopback interface that nobody else uses: a free port of 127.0.0.1 would be anybody's until gobgpd has it, and
     * again while it is started anew.
     */
    public static InetAddress ownLoopback() {
        byte[] octets = new byte[4];
        ThreadLocalRandom.current().nextBytes(octets);
        octets[0] = 127;
        // Neither 127.0.0.0/16, where everybody is, nor the broadcast address.
        octets[1] = (byte) (1 + (octets[1] & 0x7f));
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * On this host.
     *
     * @param own as {@link #ownLoopback} has it
     * @param options of gobgpd, beside those of its API
     */
    public static Gobgpd onLoopback(Path directory, InetAddress own, String... options) throws Exception {
        String host = own.getHostAddress();
        return new Gobgpd(
                ProcessBuilder::start,
                directory,
                command(host + ":" + PORT, options),
                List.of("-u", host, "-p", Integer.toString(PORT)),
                new InetSocketAddress(own, PORT));
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
                UnixDomainSocketAddress.of(socket));
    }

    private static List<String> command(String address, String... options) {
        List<String> words =
                new ArrayList<>(List.of("gobgpd", "--log-plain", "--pprof-disable", "--api-hosts", address));
        words.addAll(List.of(options));
        return words;
    }

    /** Anew, when it was killed. */
    public void start() throws Exception {
        if (api instanceof UnixDomainSocketAddress left) {
            // Of a killed one, where no other could listen.
            Files.deleteIfExists(left.getPath());
        }
        daemon = TestDaemon.start(host, log, command);
        NetworkNamespace.await("gobgpd listens", () -> {
            assertTrue(daemon.isAlive(), daemon::log);
            return isListening();
        });
    }

    private boolean isListening() {
        try (SocketChannel channel = SocketChannel.open(api)) {
            return channel.isConnected();
        } catch (IOException notYet) {
            return false;
        }
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
