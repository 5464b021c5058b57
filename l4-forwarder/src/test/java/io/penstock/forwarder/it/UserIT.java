package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.bpf.BpfRig;
import io.penstock.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A forwarder that root starts and that does not stay root. */
@Timeout(60)
class UserIT {
    private static final String NET_BIND_SERVICE_ONLY = "0000000000000400";
    private static final String NONE = "0000000000000000";

    private Path directory;

    @BeforeEach
    void install() throws Exception {
        Tools.assumeRoot();
        // Not JUnit's, which only its owner may enter.
        directory = Files.createTempDirectory(
                Path.of(System.getProperty("java.io.tmpdir")),
                "penstock",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Path dist = ForwarderProcess.launcher().getParent().getParent();
        run("cp", "-r", dist.toString(), directory.resolve("dist").toString());
        run("chmod", "-R", "a+rX", directory.toString());
    }

    @AfterEach
    void uninstall() throws Exception {
        if (directory != null) {
            run("rm", "-r", directory.toString());
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertEquals(0, process.waitFor(), () -> String.join(" ", command));
    }

    /** The installed one in place of the one that only root may reach. */
    private List<String> installed(String... words) {
        String launcher = directory.resolve("dist/bin/l4-forwarder").toString();
        return Stream.concat(Stream.of(words), Stream.of("sh", "-c", "shift; exec " + launcher + " \"$@\"", "sh"))
                .toList();
    }

    @Test
    void shouldServeAPrivilegedPortAsSomebodyElseWithOneCapability() throws Exception {
        int port = freePrivilegedPort();
        try (TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.of(port, echo).top("user: nobody").text(),
                        installed(),
                        Map.of())) {
            assertEquals(Set.of(NET_BIND_SERVICE_ONLY), ofAllThreads(forwarder, "CapEff"));
            assertEquals(Set.of(NET_BIND_SERVICE_ONLY), ofAllThreads(forwarder, "CapPrm"));
            assertEquals(Set.of(NET_BIND_SERVICE_ONLY), ofAllThreads(forwarder, "CapBnd"));
            assertEquals(Set.of("1"), ofAllThreads(forwarder, "NoNewPrivs"));
            assertEquals(1, ofAllThreads(forwarder, "Uid").size());
            assertTrue(ofAllThreads(forwarder, "Uid").stream().noneMatch("0"::equals));
            try (Socket client = Clients.connect(port)) {
                Clients.assertEchoes(client, "hello");
            }
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldKeepNoCapabilityWhenItNeedsNone() throws Exception {
        int port = Ports.free();
        try (TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.of(port, echo).top("user: nobody").text(),
                        installed(),
                        Map.of())) {
            for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
                assertEquals(Set.of(NONE), ofAllThreads(forwarder, set), set);
            }
            try (Socket client = Clients.connect(port)) {
                Clients.assertEchoes(client, "hello");
            }
            assertEquals(0, forwarder.stop());
        }
    }

    /** Twice: what the first one left is another's then. */
    @Test
    void shouldForwardPacketsAsSomebodyElse() throws Exception {
        BpfRig.assumeLoadable();
        Tools.assume("ip");
        String name = "user-" + ProcessHandle.current().pid();
        try (NetworkNamespace host = NetworkNamespace.create();
                NetworkNamespace server = NetworkNamespace.create();
                NetworkNamespace client = NetworkNamespace.create()) {
            join(host, server, client);
            String yaml = """
                    user: nobody
                    xdp: { interfaces: [{ name: eth1, attach: generic }], name: %s }
                    services: { web: { mode: dsr, listen: "192.0.2.10:80" } }
                    pools:
                      web:
                        health: { tcp: {}, interval: 200ms, timeout: 200ms, initial: down }
                        backends: ["10.78.0.2"]
                    """.formatted(name);
            try (ServerSocket listener =
                    server.call(() -> new ServerSocket(80, 50, InetAddress.getByName("192.0.2.10")))) {
                for (int start = 0; start < 2; start++) {
                    try (ForwarderProcess forwarder =
                            host.call(() -> ForwarderProcess.start(directory, yaml, installed(), Map.of()))) {
                        forwarder.awaitLog("event=backend backend=web/10.78.0.2 from=DOWN to=UP");
                        assertTrue(ofAllThreads(forwarder, "Uid").stream().noneMatch("0"::equals));
                        try (Socket connection =
                                client.call(() -> new Socket(InetAddress.getByName("192.0.2.10"), 80))) {
                            assertTrue(connection.isConnected(), "by the program: the kernel would have dropped it");
                        }
                        assertEquals(0, forwarder.stop());
                    }
                }
                assertEquals(80, listener.getLocalPort());
            }
        } finally {
            run("rm", "-rf", "/sys/fs/bpf/penstock/" + name);
            run("sh", "-c", "rm -f /run/penstock/xdp-" + name + ".*");
        }
    }

    /** The server has the address, and answers the client directly; no kernel on the way forwards to it. */
    private static void join(NetworkNamespace host, NetworkNamespace server, NetworkNamespace client) throws Exception {
        host.join("eth0", "10.78.0.1/24", server, "eth0", "10.78.0.2/24");
        host.join("eth1", "10.79.0.1/24", client, "eth0", "10.79.0.2/24");
        host.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        host.run("ip", "route", "add", "192.0.2.10/32", "via", "10.78.0.2");
        host.run("nft", "add table inet t");
        host.run("nft", "add chain inet t f { type filter hook forward priority 0; }");
        host.run("nft", "add rule inet t f ip daddr 192.0.2.10 drop");
        server.run("ip", "address", "add", "192.0.2.10/32", "dev", "lo");
        server.run("ip", "route", "add", "default", "via", "10.78.0.1");
        client.run("ip", "route", "add", "default", "via", "10.79.0.1");
    }

    @Test
    void shouldRefuseToStartAsAUserThatIsNotThere() throws Exception {
        assertRefused("user: penstock-nowhere", List.of(), "cannot run as penstock-nowhere", "no such user");
    }

    @Test
    void shouldRefuseToStartWhenItIsNotRootAndNotThatUser() throws Exception {
        List<String> asNobody = List.of("setpriv", "--reuid=65534", "--clear-groups", "--");
        assertRefused("user: daemon", asNobody, "cannot run as daemon: only root can become another user");
    }

    @Test
    void shouldSayWhatThatUserCannotRead() throws Exception {
        Path jar = directory
                .resolve("dist/lib")
                .toFile()
                .listFiles((in, name) -> name.startsWith("l4-forwarder"))[0]
                .toPath();
        run("chmod", "o-r", jar.toString());
        assertRefused("user: nobody", List.of(), "cannot run as nobody: it cannot read " + jar);
    }

    private void assertRefused(String user, List<String> prefix, String... said) throws Exception {
        try (TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.launch(
                        directory,
                        ForwarderYaml.of(Ports.free(), echo).top(user).text(),
                        installed(prefix.toArray(new String[0])),
                        Map.of())) {
            assertEquals(1, forwarder.awaitExit());
            assertEquals(1, forwarder.logged(said), forwarder.log());
        }
    }

    private static int freePrivilegedPort() {
        for (int port = 900; port < 1000; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // The next one.
            }
        }
        throw new IllegalStateException("no free port below 1000");
    }

    /** The first word of a line of proc_pid_status(5), for each thread. */
    private static Set<String> ofAllThreads(ForwarderProcess forwarder, String key) throws IOException {
        Set<String> values = new TreeSet<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(forwarder.pid()), "task"))) {
            for (Path task : tasks.toList()) {
                Files.readAllLines(task.resolve("status")).stream()
                        .filter(line -> line.startsWith(key + ":"))
                        .map(line -> line.split("\\s+", -1)[1])
                        .forEach(values::add);
            }
        }
        return values;
    }
}
