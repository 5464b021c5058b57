package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real process writes of its flows, held against what it counts and what the clients did. */
@Timeout(180)
class FlowLogIT {
    private static final int CONNECTIONS = 20;
    private static final int REFUSED = 3;
    private static final int SESSIONS = 10;
    private static final int HAND_OVERS = 3;

    /** So many lines are well above a mebibyte. */
    private static final int LINES_OF_A_FILE = 3_000;

    /** Twice as many as one worker's queue holds. */
    private static final int MAX_STALLED = 16_384;

    private static final Pattern REASON = Pattern.compile("reason=\"([a-z_]+)\"");
    private static final Pattern FIELDS = Pattern.compile("\\| (`[^|]*`) \\| ([^|]*) \\|");

    @TempDir
    Path directory;

    private final int port = Ports.free(3);
    private final int deadPort = port + 1;
    private final int udpPort = port + 2;
    private final int nobodyListens = Ports.free();
    private TestBackend backend;
    private UdpBackend udpBackend;

    @BeforeEach
    void start() throws IOException {
        backend = TestBackend.echo();
        udpBackend = UdpBackend.echo();
    }

    @AfterEach
    void stop() {
        backend.close();
        udpBackend.close();
    }

    private Path file() {
        return directory.resolve("flows.log");
    }

    private AdminAddress admin() {
        return new AdminAddress.Unix(directory.resolve("admin.sock"));
    }

    /** Sessions end with their first answer, so that one client makes as many as it likes. */
    private String yaml(String flowLog) {
        return yaml(flowLog, "responses: 1");
    }

    private String yaml(String flowLog, String udp) {
        return """
            workers: 1
            drain-timeout: 20s
            admin: { listen: "%s" }
            take-over: { socket: %s }
            flow-log: { %s }
            services:
              web: { listen: "127.0.0.1:%d", pool: web }
              dead: { listen: "127.0.0.1:%d", pool: dead }
              dns: { listen: "127.0.0.1:%d", protocol: udp, pool: dns, %s }
            pools:
              web: { health: none, backends: [{ id: web-1, address: "%s" }] }
              dead: { health: none, backends: [{ id: dead-1, address: "127.0.0.1:%d" }] }
              dns: { health: none, backends: [{ id: dns-1, address: "%s" }] }
            """.formatted(
                        admin(),
                        directory.resolve("forwarder.sock"),
                        flowLog,
                        port,
                        deadPort,
                        udpPort,
                        udp,
                        backend.address(),
                        nobodyListens,
                        udpBackend.address());
    }

    private String toFile(String more) {
        return "file: { path: " + file() + more + " }";
    }

    private String metrics() throws Exception {
        try (AdminClient client = new AdminClient(admin(), Duration.ofSeconds(20))) {
            return client.send("GET", "/metrics", Optional.empty()).body();
        }
    }

    private long metric(String name) throws Exception {
        return sum(metrics().lines().filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{")));
    }

    private static long sum(Stream<String> samples) {
        return samples.mapToLong(line -> Math.round(Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))))
                .sum();
    }

    /** Ended flows by protocol and reason, without those that there were none of. */
    private Map<String, Long> counted() throws Exception {
        Map<String, Long> counts = new TreeMap<>();
        for (String line : metrics().lines().toList()) {
            boolean tcp = line.startsWith("penstock_tcp_closed_total{");
            Matcher reason = REASON.matcher(line);
            if ((tcp || line.startsWith("penstock_udp_ended_total{")) && reason.find()) {
                counts.merge((tcp ? "tcp " : "udp ") + reason.group(1), sum(Stream.of(line)), Long::sum);
            }
        }
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    private static Map<String, Long> byReason(List<JsonObject> lines) {
        Map<String, Long> counts = new TreeMap<>();
        lines.forEach(line -> counts.merge(text(line, "protocol") + " " + text(line, "reason"), 1L, Long::sum));
        return counts;
    }

    private static String text(JsonObject line, String field) {
        return line.get(field).getAsString();
    }

    private static long number(JsonObject line, String field) {
        return line.get(field).getAsLong();
    }

    /** Of a file that is there: each line is whole, and can be read. */
    private static List<JsonObject> lines(Path file) throws IOException {
        String text = Files.readString(file);
        assertTrue(text.isEmpty() || text.endsWith("\n"), "torn: " + file);
        return text.lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    /** Of the file and of those that it was before. */
    private List<JsonObject> allLines() throws IOException {
        List<JsonObject> all = new ArrayList<>();
        for (Path each : files()) {
            all.addAll(lines(each));
        }
        return all;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(each -> each.getFileName().toString().startsWith("flows.log"))
                    .sorted()
                    .toList();
        }
    }

    private void awaitWritten(long lines) throws Exception {
        Await.until(lines + " lines are written", () -> metric("penstock_flow_log_written_total") == lines);
    }

    /** A connection that is ended properly; returns the client's port. */
    private int connect(int bytes) throws IOException {
        try (Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "x".repeat(bytes));
            client.shutdownOutput();
            Clients.assertEnded(client);
            return client.getLocalPort();
        }
    }

    /** So many sessions, one after the other: each is answered, whatever becomes of its line. */
    private void askOften(int sessions) throws IOException {
        try (UdpClient client = new UdpClient(udpPort)) {
            for (int i = 0; i < sessions; i++) {
                client.send("q" + i);
                assertEquals("q" + i, client.receive());
            }
        }
    }

    @Test
    void shouldSayOfEachFlowWhatItWasAndCountAsTheMetrics() throws Exception {
        Map<Integer, Integer> bytesByPort = new HashMap<>();
        try (ForwarderProcess forwarder =
                ForwarderProcess.start(directory, yaml(toFile("")).replace("workers: 1", "workers: 2"))) {
            for (int i = 0; i < CONNECTIONS; i++) {
                bytesByPort.put(connect(1 + 997 * i), 1 + 997 * i);
            }
            try (Socket client = Clients.connect(port)) {
                Clients.assertEchoes(client, "reset");
                Clients.reset(client);
            }
            for (int i = 0; i < REFUSED; i++) {
                Clients.assertResetOnArrival(deadPort);
            }
            for (int i = 0; i < SESSIONS; i++) {
                try (UdpClient client = new UdpClient(udpPort)) {
                    client.send("x".repeat(1 + 97 * i));
                    client.receive();
                    bytesByPort.put(client.port(), 1 + 97 * i);
                }
            }
            awaitWritten(CONNECTIONS + 1 + REFUSED + SESSIONS);
            List<JsonObject> lines = lines(file());
            assertEquals(
                    Map.of(
                            "tcp completed", (long) CONNECTIONS,
                            "tcp client_reset", 1L,
                            "tcp connect_failed", (long) REFUSED,
                            "udp completed", (long) SESSIONS),
                    byReason(lines));
            assertEquals(counted(), byReason(lines));
            for (JsonObject line : lines) {
                switch (text(line, "service") + " " + text(line, "reason")) {
                    case "web completed" -> assertServed(line, "web", port, backend.port(), bytesByPort);
                    case "dns completed" -> assertServed(line, "dns", udpPort, udpBackend.port(), bytesByPort);
                    case "dead connect_failed" -> assertFailed(line);
                    default -> assertEquals("web client_reset", text(line, "service") + " " + text(line, "reason"));
                }
            }
            assertEquals(Map.of(), bytesByPort, "without a line");
            assertEquals(0, forwarder.stop());
            assertEquals(lines, lines(file()));
        }
    }

    private static void assertServed(
            JsonObject line, String name, int listenPort, int backendPort, Map<Integer, Integer> bytesByPort)
            throws IOException {
        boolean tcp = name.equals("web");
        assertEquals(tcp ? "tcp" : "udp", text(line, "protocol"));
        assertEquals(documented(tcp ? "UDP:" : "TCP:"), List.copyOf(line.keySet()));
        Integer bytes = bytesByPort.remove((int) number(line, "clientPort"));
        assertEquals(bytes, (int) number(line, "bytesToBackend"), line::toString);
        assertEquals(bytes, (int) number(line, "bytesToClient"), line::toString);
        for (String side : List.of("client", "listen", "backend")) {
            assertEquals("127.0.0.1", text(line, side + "Address"));
        }
        assertEquals(listenPort, number(line, "listenPort"));
        assertEquals(backendPort, number(line, "backendPort"));
        assertEquals(name, text(line, "pool"));
        assertEquals(name + "-1", text(line, "backend"));
        assertEquals(1, number(line, "attempts"));
        assertFalse(line.get("failure").getAsBoolean());
        if (!tcp) {
            assertEquals(1, number(line, "datagramsToBackend"));
            assertEquals(1, number(line, "datagramsToClient"));
        }
        assertTrue(text(line, "time").compareTo(text(line, "opened")) >= 0, line::toString);
    }

    private static void assertFailed(JsonObject line) {
        assertTrue(line.get("failure").getAsBoolean());
        assertEquals("dead-1", text(line, "backend"));
        assertEquals(0, number(line, "bytesToBackend") + number(line, "bytesToClient"));
        assertFalse(line.has("connectMs") || line.has("firstByteMs"), line::toString);
    }

    /** In its order, without those of a proxy, and without those that begin so: another protocol's. */
    private static List<String> documented(String without) throws IOException {
        Path documentation = Path.of(System.getProperty("basedir", ".")).resolve("docs/flow-log.md");
        return Files.readAllLines(documentation).stream()
                .takeWhile(line -> !line.startsWith("## Where"))
                .map(FIELDS::matcher)
                .filter(Matcher::matches)
                .filter(row -> !row.group(2).startsWith(without))
                .flatMap(row -> Stream.of(row.group(1).replace("`", "").split(", ", -1)))
                .filter(field -> !field.startsWith("proxy"))
                .toList();
    }

    @Test
    void shouldLogOnlyFailuresWhenNothingIsSampled() throws Exception {
        try (ForwarderProcess forwarder =
                ForwarderProcess.start(directory, yaml("sample: 0%, failures: always, " + toFile("")))) {
            connect(5);
            askOften(5);
            Clients.assertResetOnArrival(deadPort);
            connect(5);
            Await.until("all are counted", () -> sumOf(counted()) == 8);
            assertEquals(0, forwarder.stop());
            assertEquals(Map.of("tcp connect_failed", 1L), byReason(lines(file())));
        }
    }

    private static long sumOf(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void shouldLoseNoLineWhileItRotates() throws Exception {
        try (ForwarderProcess forwarder =
                ForwarderProcess.start(directory, yaml(toFile(", max-size: 1MiB, keep: 100")))) {
            askOften(3 * LINES_OF_A_FILE);
            assertEquals(0, forwarder.stop());
        }
        assertTrue(files().size() >= 4, () -> "not rotated");
        for (Path each : files()) {
            assertTrue(Files.size(each) <= 1 << 20, each::toString);
        }
        assertWhole(3 * LINES_OF_A_FILE);
    }

    /** As the other process of a hand-over would be. */
    @Test
    void shouldNotRotateWhileAnotherProcessDoes() throws Exception {
        try (ForwarderProcess forwarder =
                ForwarderProcess.start(directory, yaml(toFile(", max-size: 1MiB, keep: 100")))) {
            askOften(10);
            awaitWritten(10);
            try (FileChannel other = FileChannel.open(file(), StandardOpenOption.WRITE);
                    FileLock lock = other.lock()) {
                askOften(LINES_OF_A_FILE);
                awaitWritten(10 + LINES_OF_A_FILE);
                assertTrue(lock.isValid());
                assertEquals(List.of(file()), files());
            }
            askOften(10);
            assertEquals(0, forwarder.stop());
            assertEquals(0, forwarder.logged("event=flow-log-not-rotated"), forwarder::log);
        }
        assertEquals(2, files().size());
        assertWhole(20 + LINES_OF_A_FILE);
    }

    /** So many lines, each of another flow of one process. */
    private void assertWhole(int flows) throws IOException {
        List<JsonObject> lines = allLines();
        assertEquals(flows, lines.size());
        Set<Long> ids = new HashSet<>();
        lines.forEach(line -> ids.add(number(line, "id")));
        assertEquals(flows, ids.size());
    }

    @Test
    void shouldReopenWhatWasMovedAtSighup() throws Exception {
        Path moved = directory.resolve("moved.log");
        try (ForwarderProcess forwarder = ForwarderProcess.start(directory, yaml(toFile("")))) {
            askOften(10);
            awaitWritten(10);
            Files.move(file(), moved);
            forwarder.signal("HUP");
            Await.until("a new file without a flow", () -> Files.exists(file()));
            askOften(7);
            awaitWritten(17);
            assertEquals(10, lines(moved).size());
            assertEquals(7, lines(file()).size());
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldServeAndCountWhatItDropsWhenSyslogStalls() throws Exception {
        Path socket = directory.resolve("log.sock");
        try (SyslogReceiver receiver = new SyslogReceiver(socket);
                ForwarderProcess forwarder =
                        ForwarderProcess.start(directory, yaml("syslog: \"unix:" + socket + "\""))) {
            int flows = 0;
            // Each is answered, although nobody reads what is written.
            while (metric("penstock_flow_log_dropped_total") == 0 && flows < MAX_STALLED) {
                askOften(1_000);
                flows += 1_000;
            }
            forwarder.awaitLog("event=flow-log-dropping");
            assertEquals(0, metric("penstock_flow_log_errors_total"));
            int ended = flows;
            // The kernel keeps ten datagrams of a UNIX socket, so that many come between two looks.
            Await.until(
                    "each has come or is counted",
                    Duration.ofMinutes(2),
                    () -> receiver.read().size() + metric("penstock_flow_log_dropped_total") == ended);
            long dropped = metric("penstock_flow_log_dropped_total");
            long kept = flows - dropped;
            askOften(10);
            Await.until("so does what is new", () -> receiver.read().size() == kept + 10);
            awaitWritten(kept + 10);
            assertEquals(dropped, metric("penstock_flow_log_dropped_total"));
            for (String message : receiver.read()) {
                assertTrue(message.startsWith("<134>1 "), message);
                JsonObject line = JsonParser.parseString(message.substring(message.indexOf('{')))
                        .getAsJsonObject();
                assertEquals("udp completed", text(line, "protocol") + " " + text(line, "reason"));
            }
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldLoseNoLineInHandOvers() throws Exception {
        List<ForwarderProcess> all = new ArrayList<>();
        String yaml = yaml(toFile(""), "timeouts: { idle: 1h }");
        try (UdpClient asker = new UdpClient(udpPort)) {
            all.add(ForwarderProcess.start(directory, yaml));
            Socket old = Clients.connect(port);
            ShortClients clients = new ShortClients(port, 2);
            try (old;
                    clients) {
                Clients.assertEchoes(old, "before");
                for (int i = 0; i < HAND_OVERS; i++) {
                    ask(asker, "again");
                    int before = clients.served();
                    all.add(ForwarderProcess.takeOver(directory, yaml));
                    all.get(i).awaitLog("event=take-over", "role=running", "step=done");
                    Await.until("clients of the next process", () -> clients.served() > before + 20);
                }
                ask(asker, "again");
                Clients.assertEchoes(old, "after");
                old.shutdownOutput();
                Clients.assertEnded(old);
            }
            clients.assertNoFailures();
            ForwarderProcess last = all.get(HAND_OVERS);
            for (ForwarderProcess each : all) {
                assertEquals(0, each == last ? each.stop() : each.awaitExit(), each::log);
                assertEquals(0, each.logged("event=flow-log-failing"), each::log);
            }
            List<JsonObject> lines = lines(file());
            Map<String, Long> counts = byReason(lines);
            assertEquals(clients.served() + 1L, counts.get("tcp completed"), counts::toString);
            assertEquals((long) HAND_OVERS, counts.get("udp handed_over"), counts::toString);
            JsonObject longest = only(
                    lines,
                    line -> text(line, "protocol").equals("tcp")
                            && number(line, "bytesToBackend") == "beforeafter".length());
            assertEquals("completed", text(longest, "reason"));
            JsonObject session = only(
                    lines,
                    line -> text(line, "protocol").equals("udp")
                            && !text(line, "reason").equals("handed_over"));
            assertEquals(HAND_OVERS + 1, number(session, "datagramsToBackend"), session::toString);
            assertEquals(HAND_OVERS + 1, number(session, "datagramsToClient"), session::toString);
            assertEquals((HAND_OVERS + 1L) * "again".length(), number(session, "bytesToClient"), session::toString);
        } finally {
            all.forEach(ForwarderProcess::close);
        }
    }

    private static void ask(UdpClient client, String text) throws IOException {
        client.send(text);
        assertEquals(text, client.receive());
    }

    private static JsonObject only(List<JsonObject> lines, Predicate<JsonObject> condition) {
        List<JsonObject> found = lines.stream().filter(condition).toList();
        assertEquals(1, found.size(), found::toString);
        return found.get(0);
    }
}
