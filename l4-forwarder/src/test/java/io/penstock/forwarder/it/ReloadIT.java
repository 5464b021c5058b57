package io.penstock.forwarder.it;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another configuration for a forwarder that runs. */
@Timeout(120)
class ReloadIT {
    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void shouldReportEveryProblemAndChangeNothingWhenAWrongFileIsOffered() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, ForwarderYaml.of(port, backend).text());
                Socket open = Clients.connect(port)) {
            Clients.assertEchoes(open, "before");
            forwarder.offer(ForwarderYaml.TEN_MISTAKES);
            forwarder.awaitLog("event=config-refused", "problems=10", "effect=none");
            assertEquals(10, forwarder.logged("event=config-problem", "forwarder.yaml:"));
            Clients.assertEchoes(open, "after");
            try (Socket another = Clients.connect(port)) {
                Clients.assertEchoes(another, "a new connection");
            }
            assertEquals(0, forwarder.stop());
            assertEquals(2, forwarder.total("accepted"));
        }
    }

    @Test
    void shouldNameWhatNeedsARestartAndApplyTheRest() throws Exception {
        try (TestBackend before = TestBackend.running(TestBackend.saying("before"));
                TestBackend after = TestBackend.running(TestBackend.saying("after"));
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, ForwarderYaml.of(port, before).text())) {
            forwarder.offer(ForwarderYaml.of(port, after).top("workers: 1").text());
            forwarder.awaitLog("event=restart-needed", "workers");
            forwarder.awaitLog("event=config-applied", "trigger=signal");
            assertEquals("after", Clients.ask(port));
            assertEquals(1, forwarder.logged("change=\"pool test: backend " + after.address() + " added\""));
            assertEquals(1, forwarder.logged("change=\"pool test: backend " + before.address() + " removed\""));
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldSayThatNothingChangedAndLetConnectionsOfGoneBackendsGoOn() throws Exception {
        try (TestBackend gone = TestBackend.echo();
                TestBackend come = TestBackend.running(TestBackend.saying("come"));
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, ForwarderYaml.of(port, gone).text());
                Socket open = Clients.connect(port)) {
            Clients.assertEchoes(open, "before");
            forwarder.offer(ForwarderYaml.of(port, come).text());
            forwarder.awaitLog("event=config-applied");
            Clients.assertEchoes(open, "after");
            assertEquals("come", Clients.ask(port));
            forwarder.signal("HUP");
            forwarder.awaitLog("event=config-unchanged", "trigger=signal");
            Clients.assertEchoes(open, "still");
        }
    }

    @Test
    void shouldRewireAServiceToAnotherPool() throws Exception {
        try (TestBackend blue = TestBackend.running(TestBackend.saying("blue"));
                TestBackend green = TestBackend.running(TestBackend.saying("green"));
                ForwarderProcess forwarder = ForwarderProcess.start(directory, twoPools("blue", blue, green))) {
            assertEquals("blue", Clients.ask(port));
            forwarder.offer(twoPools("green", blue, green));
            forwarder.awaitLog("event=config-applied");
            assertEquals("green", Clients.ask(port));
        }
    }

    private String twoPools(String used, TestBackend blue, TestBackend green) {
        return "services: { test: { listen: \"127.0.0.1:" + port + "\", pool: " + used + " } }\n"
                + "pools:\n  blue: { health: none, backends: [\"" + blue.address() + "\"] }\n"
                + "  green: { health: none, backends: [\"" + green.address() + "\"] }\n";
    }

    /** An editor's rename, a script's write in place. */
    @Test
    void shouldApplyTheFileWhenItChanges() throws Exception {
        try (TestBackend one = TestBackend.running(TestBackend.saying("one"));
                TestBackend two = TestBackend.running(TestBackend.saying("two"));
                ForwarderProcess forwarder = ForwarderProcess.start(directory, watched(one))) {
            Path file = forwarder.config();
            Files.writeString(file, watched(two));
            forwarder.awaitLogged(1, "event=config-applied", "trigger=file");
            assertEquals("two", Clients.ask(port));
            Files.move(
                    Files.writeString(file.resolveSibling("new"), watched(one)), file, ATOMIC_MOVE, REPLACE_EXISTING);
            forwarder.awaitLogged(2, "event=config-applied", "trigger=file");
            assertEquals("one", Clients.ask(port));
        }
    }

    /** By the same commands as Kubernetes: a new directory, and one symlink put in place of another. */
    @Test
    void shouldApplyTheFileWhenASymlinkOnTheWayIsSwapped() throws Exception {
        try (TestBackend one = TestBackend.running(TestBackend.saying("one"));
                TestBackend two = TestBackend.running(TestBackend.saying("two"))) {
            Path mount = Files.createDirectory(directory.resolve("mount"));
            volume(mount, "v1", one);
            Files.createSymbolicLink(mount.resolve("forwarder.yaml"), Path.of("..data", "forwarder.yaml"));
            try (ForwarderProcess forwarder = ForwarderProcess.launchAt(mount.resolve("forwarder.yaml"))) {
                forwarder.awaitLog("state=running");
                volume(mount, "v2", two);
                forwarder.awaitLog("event=config-applied", "trigger=file");
                assertEquals("two", Clients.ask(port));
            }
        }
    }

    private void volume(Path mount, String name, TestBackend backend) throws IOException {
        Path version = Files.createDirectory(mount.resolve(name));
        Files.writeString(version.resolve("forwarder.yaml"), watched(backend) + "warm-up: none\n");
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of(name));
        Files.move(link, mount.resolve("..data"), ATOMIC_MOVE, REPLACE_EXISTING);
    }

    /** Other files than the configuration: each is applied as if that had changed. */
    @Test
    void shouldApplyTheSecretWhenItsFileChanges() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "the first secret of all");
        try (TestBackend one = TestBackend.running(TestBackend.saying("one"));
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.of(port, one)
                                .top("watch: auto")
                                .top("secret-file: \"" + secret + "\"")
                                .text())) {
            replace(secret, "another secret for all");
            forwarder.awaitLog("event=config-change", "secret-file changed");
            forwarder.awaitLog("event=config-applied", "trigger=file");
            replace(secret, "short");
            forwarder.awaitLog("event=config-refused", "trigger=file");
            assertEquals("one", Clients.ask(port));
        }
    }

    @Test
    void shouldApplyAListOfClientsWhenItsFileChanges() throws Exception {
        Path denied = Files.writeString(directory.resolve("denied"), "192.0.2.0/24\n");
        Path allowed = Files.writeString(directory.resolve("allowed"), "127.0.0.0/8\n");
        try (TestBackend one = TestBackend.running(TestBackend.saying("one"));
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.of(port, one)
                                .top("watch: auto")
                                .service("deny: { file: \"" + denied + "\" }")
                                .service("allow: { file: \"" + allowed + "\" }")
                                .text())) {
            assertEquals("one", Clients.ask(port));
            replace(denied, "127.0.0.1\n");
            forwarder.awaitLogged(1, "event=config-applied", "trigger=file");
            Clients.assertResetOnArrival(port);
            replace(denied, "# nobody\n");
            forwarder.awaitLogged(2, "event=config-applied", "trigger=file");
            assertEquals("one", Clients.ask(port));
            replace(allowed, "192.0.2.0/24\n");
            forwarder.awaitLogged(3, "event=config-applied", "trigger=file");
            Clients.assertResetOnArrival(port);
            assertEquals(0, forwarder.stop());
            assertEquals(2, forwarder.total("closed_denied"));
        }
    }

    @Test
    void shouldApplyTheListOfPlacesWhenItsFileChanges() throws Exception {
        Path places = Files.writeString(directory.resolve("places.csv"), "127.0.0.0/8, eu/north\n");
        try (TestBackend north = TestBackend.running(TestBackend.saying("north"));
                TestBackend south = TestBackend.running(TestBackend.saying("south"));
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        ForwarderYaml.to(port, in("north", north), in("south", south))
                                .top("watch: auto")
                                .top("place: { region: eu, zone: middle }")
                                .top("geo: { file: \"" + places + "\" }")
                                .text())) {
            assertEquals("north", Clients.ask(port));
            replace(places, "127.0.0.0/8, eu/south\n");
            forwarder.awaitLog("event=config-change", "places of clients read");
            forwarder.awaitLog("event=config-applied", "trigger=file");
            assertEquals("south", Clients.ask(port));
        }
    }

    private static String in(String zone, TestBackend backend) {
        return "{ address: \"" + backend.address() + "\", zone: " + zone + " }";
    }

    private void replace(Path file, String text) throws IOException {
        Files.move(Files.writeString(directory.resolve("new"), text), file, ATOMIC_MOVE, REPLACE_EXISTING);
    }

    @Test
    void shouldOpenAndCloseServicesWhileOthersGoOn() throws Exception {
        int second = Ports.free();
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, ForwarderYaml.of(port, backend).text());
                Socket open = Clients.connect(port)) {
            Clients.assertEchoes(open, "before");
            forwarder.offer(services(backend, "test", port, "more", second));
            forwarder.awaitLogged(1, "event=config-applied");
            try (Socket more = Clients.connect(second)) {
                Clients.assertEchoes(more, "of the new one");
                forwarder.offer(services(backend, "test", port));
                forwarder.awaitLogged(2, "event=config-applied");
                // Workers close it soon after the table.
                Await.until("no listener", () -> isRefused(second));
                Clients.assertEchoes(more, "its service is gone");
                forwarder.offer(services(backend, "test", port, "more", second));
                forwarder.awaitLogged(3, "event=config-applied");
                Clients.assertEchoes(more, "and there again");
            }
            Clients.assertEchoes(open, "after");
        }
    }

    private static boolean isRefused(int port) throws IOException {
        try (Socket early = Clients.connect(port)) {
            return early.isClosed();
        } catch (ConnectException refused) {
            return true;
        }
    }

    /** Somebody else has the address. */
    @Test
    void shouldChangeNothingWhenAnAddressIsTaken() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                TestBackend other = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, ForwarderYaml.of(port, backend).text())) {
            forwarder.offer(services(backend, "test", port, "more", other.port()));
            forwarder.awaitLog("event=config-problem", "cannot listen on");
            forwarder.awaitLog("event=config-refused", "problems=1");
            try (Socket client = Clients.connect(port)) {
                Clients.assertEchoes(client, "as before");
            }
        }
    }

    private static String services(TestBackend backend, Object... namesAndPorts) {
        StringBuilder yaml = new StringBuilder("drain-timeout: 5s\nservices:\n");
        for (int i = 0; i < namesAndPorts.length; i += 2) {
            yaml.append("  ").append(namesAndPorts[i]).append(": { pool: test, listen: \"127.0.0.1:");
            yaml.append(namesAndPorts[i + 1]).append("\" }\n");
        }
        return yaml + "pools: { test: { health: none, backends: [\"" + backend.address() + "\"] } }\n";
    }

    private String watched(TestBackend backend) {
        return ForwarderYaml.of(port, backend).top("watch: auto").text();
    }

    /** A hundred tables under load: nobody is refused, nothing is cut, and nothing of them stays. */
    @Test
    void shouldLeaveNothingBehindAfterAHundredReloadsUnderLoad() throws Exception {
        try (TestBackend one = TestBackend.echo();
                TestBackend two = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(directory, crowded(0, one, two));
                Socket open = Clients.connect(port);
                Load load = new Load(port)) {
            List<Socket> kept = new ArrayList<>();
            reload(forwarder, 0, 20, one, two, kept);
            long objects = instances(forwarder);
            int threads = forwarder.threads();
            Map<String, Integer> kernelObjects = stable(forwarder);
            reload(forwarder, 20, 120, one, two, kept);
            for (Socket established : kept) {
                Clients.assertEchoes(established, "of another table");
            }
            Clients.assertEchoes(open, "all the time");
            load.stop();
            assertTrue(instances(forwarder) <= objects + 20, "of groups, members, watches, probes and look-ups");
            assertEquals(threads, forwarder.threads());
            for (Socket established : kept) {
                established.close();
            }
            Await.until("back to as many", () -> stable(forwarder).equals(kernelObjects));
            assertEquals(0, forwarder.stop());
            assertEquals(0, forwarder.total("closed_no_backend"));
        }
    }

    /** A connection is opened with each table, and stays. */
    private void reload(
            ForwarderProcess forwarder, int from, int to, TestBackend one, TestBackend two, List<Socket> kept)
            throws Exception {
        for (int i = from; i < to; i++) {
            forwarder.offer(crowded(i + 1, one, two));
            forwarder.awaitLogged(i + 1, "event=config-applied");
            Socket client = Clients.connect(port);
            Clients.assertEchoes(client, "of this table");
            kept.add(client);
        }
    }

    /** Of what each table, member and check is made of. */
    private static long instances(ForwarderProcess forwarder) throws Exception {
        return forwarder.liveObjects(
                "BackendGroup", "BackendPool", "Member", "Pool", "Repeater", "MemberWatches$Begun");
    }

    private static Map<String, Integer> stable(ForwarderProcess forwarder) throws Exception {
        Map<String, Integer> counts = forwarder.kernelObjects();
        // Those of connections, of probes under way and of transfers.
        counts.keySet().retainAll(Set.of("anon_inode:[eventpoll]", "anon_inode:[eventfd]", "anon_inode:inotify"));
        return counts;
    }

    /** A file in which something of each kind is other than in the one before. */
    private String crowded(int round, TestBackend one, TestBackend two) {
        String name = "n" + round;
        return "drain-timeout: 5s\nservices:\n"
                + "  test: { listen: \"127.0.0.1:" + port + "\" }\n"
                + "pools:\n"
                + "  test:\n"
                + "    balance: { policy: " + (round % 2 == 0 ? "least-connections" : "maglev") + " }\n"
                + "    health: { tcp: {}, interval: " + (500 + round % 3) + "ms, timeout: 500ms, initial: fully-up }\n"
                + "    limits: { connections: 1000, queue: " + (10 + round) + " }\n"
                + "    circuit-breaker: { window: " + (5 + round % 4) + "s }\n"
                + "    backends:\n"
                + "      - { id: one, address: \"" + one.address() + "\", weight: " + (1 + round % 5) + " }\n"
                + "      - { id: " + name + ", address: \"" + two.address() + "\" }\n"
                + "      - { id: named-" + name + ", address: \"localhost:" + two.port() + "\", weight: 0 }\n"
                + "  " + name + ": { backends: [\"" + one.address() + "\"] }\n";
    }

    /** Short connections, one after the other, until it is told to stop; none may fail. */
    private static final class Load implements AutoCloseable {
        private final int port;
        private final Thread thread = new Thread(this::run, "load");
        private volatile boolean stopping;
        private volatile Exception failure;
        private int connections;

        private Load(int port) {
            this.port = port;
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            try {
                while (!stopping) {
                    try (Socket socket = Clients.connect(port)) {
                        Clients.assertEchoes(socket, "hello");
                        connections++;
                    }
                }
            } catch (IOException e) {
                failure = e;
            }
        }

        private void stop() throws Exception {
            stopping = true;
            thread.join();
            assertNull(failure, () -> failure + " after " + connections);
            assertTrue(connections > 0);
        }

        @Override
        public void close() {
            stopping = true;
        }
    }

    /** The JVM would end on it, and connections with it. */
    @Test
    void shouldLogWhatWasCountedWhenAsked() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory, ForwarderYaml.of(port, backend).text());
                Socket open = Clients.connect(port)) {
            Clients.assertEchoes(open, "hello");
            forwarder.signal("USR1");
            forwarder.awaitLog("event=totals connections=1 sessions=0 accepted=1 connected=1");
            Clients.assertEchoes(open, "still there");
        }
    }

    @Test
    void shouldSayWhenBackendsFailWhatItMeansForClients() throws Exception {
        try (ForwarderProcess forwarder = ForwarderProcess.start(
                directory, ForwarderYaml.to(port, "127.0.0.1:" + Ports.free()).text())) {
            Clients.assertResetOnArrival(port);
            forwarder.awaitLog("event=trouble counter=connect_failed");
            forwarder.awaitLog("event=trouble counter=closed_connect_failed");
        }
    }

    /** The JVM would end on it. */
    @Test
    void shouldSurviveSighupWhileStarting() throws Exception {
        try (TestBackend backend = TestBackend.echo();
                ForwarderProcess forwarder = ForwarderProcess.launch(
                        directory, ForwarderYaml.of(port, backend).text(), List.of(), Map.of())) {
            forwarder.awaitLog("state=starting");
            forwarder.signal("HUP");
            forwarder.awaitLog("state=running");
            assertFalse(forwarder.log().contains("config-problem"));
            assertEquals(0, forwarder.stop());
        }
    }
}
