package io.penstock.forwarder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.cli.ProblemPrinter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PickCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        Files.writeString(directory.resolve("secret"), "0123456789abcdef");
        file = Files.writeString(directory.resolve("forwarder.yaml"), """
                secret-file: secret
                services:
                  web: { listen: ["192.0.2.1:80", "192.0.2.2:80"] }
                  any: { listen: "*:8080", pool: web, connect-attempts: 8 }
                  db: { listen: "*:5432" }
                pools:
                  web:
                    backends:
                      - { id: web-1, address: "10.0.0.1:8080" }
                      - { id: web-2, address: "10.0.0.2:8080" }
                      - { id: web-3, address: "[2001:db8::3]", weight: 2 }
                    health: none
                  db:
                    balance: { hash: source }
                    backends: [{ id: db-1, address: "10.0.0.9:5432" }, { id: db-2, address: "localhost:5432", weight: 0 }]
                """);
    }

    @Test
    void shouldShowTheBackendAndThoseThatWouldBeTriedNext() {
        assertEquals(0, run("--service", "web", "--client", "198.51.100.7:40000"));
        List<String> lines = out.toString().lines().toList();
        assertEquals("service web: pool web", lines.get(0));
        assertEquals(4, lines.size(), out::toString);
        assertEquals(
                3,
                lines.stream()
                        .skip(1)
                        .map(line -> line.substring(13))
                        .distinct()
                        .count());
        assertTrue(out.toString().contains(": web-3 at [2001:db8::3]:80\n"), "the port of the client's choice");
        assertTrue(out.toString().contains(": web-1 at 10.0.0.1:8080\n"));
    }

    /** The protocol is a part of the flow: with the same backends many others get their sessions than their connections. */
    @Test
    void shouldHashSessionsAsUdp() throws IOException {
        addService("quic: { listen: \"192.0.2.1:80\", protocol: udp, pool: web }");
        assertEquals(0, run("--service", "web", "--flows", "1000"));
        assertEquals(0, run("--service", "quic", "--flows", "1000"));
        assertNotEquals(digests().get(0), digests().get(1));
    }

    @Test
    void shouldForetellNoDatagramThatIsBalancedByItself() throws IOException {
        addService("each: { listen: \"192.0.2.1:80\", protocol: udp, pool: web, udp: { mode: per-packet } }");
        assertEquals(2, run("--service", "each", "--client", "198.51.100.7:40000"));
        assertTrue(err.toString().contains("balances each datagram by itself"), err::toString);
    }

    private void addService(String service) throws IOException {
        Files.writeString(file, Files.readString(file).replace("services:\n", "services:\n  " + service + "\n"));
    }

    @Test
    void shouldEndWhenThereAreNoMoreBackends() {
        assertEquals(0, run("--service", "any", "--listen", "192.0.2.9:8080", "--client", "198.51.100.7:40000"));
        assertEquals(4, out.toString().lines().count(), out::toString);
    }

    @Test
    void shouldNeedNoPortsWhenSourcesAreHashed() {
        assertEquals(0, run("--service", "db", "--client", "2001:db8::7"));
        assertEquals("service db: pool db\n  attempt 1: db-1 at 10.0.0.9:5432\n", out.toString());
    }

    @Test
    void shouldCountWhereRandomFlowsGoAndDigestThem() {
        assertEquals(0, run("--service", "web", "--flows", "40000"));
        List<String> lines = out.toString().lines().toList();
        assertEquals("service web: 40000 flows of seed 1", lines.get(0));
        assertTrue(lines.get(1).matches(" +2[45]\\.\\d{3} %  web/web-1"), lines.get(1));
        assertTrue(lines.get(3).matches(" +(49|50)\\.\\d{3} %  web/web-3"), lines.get(3));
        assertTrue(lines.get(4).matches("digest [0-9a-f]{64}"), lines.get(4));
        assertEquals(5, lines.size());

        assertEquals(0, run("--service", "web", "--flows", "40000", "--seed", "1"));
        List<String> both = digests();
        assertEquals(both.get(0), both.get(1));
        assertEquals(0, run("--service", "web", "--flows", "40000", "--seed", "2"));
        assertNotEquals(both.get(0), digests().get(2), "other flows");
    }

    @Test
    void shouldTakeAMillionFlowsWhenNoNumberIsGiven() {
        assertEquals(0, run("--service", "db", "--flows"));
        assertTrue(out.toString().contains("1000000 flows of seed 1"), out::toString);
        assertTrue(out.toString().contains("100.000 %  db/db-1"), out::toString);
    }

    @Test
    void shouldGiveTheSameDigestWhenOnlyTheOrderOfBackendsDiffers() throws IOException {
        assertEquals(0, run("--service", "web", "--flows", "20000"));
        List<String> lines = Files.readAllLines(file);
        List<String> turned = IntStream.range(0, lines.size())
                .mapToObj(i -> lines.get(i >= 8 && i <= 10 ? 18 - i : i))
                .toList();
        assertTrue(turned.get(8).contains("web-3"), turned.get(8));
        Files.write(file, turned);
        assertEquals(0, run("--service", "web", "--flows", "20000"));
        Files.writeString(directory.resolve("secret"), "0123456789abcdeg");
        assertEquals(0, run("--service", "web", "--flows", "20000"));
        List<String> digests = digests();
        assertEquals(digests.get(0), digests.get(1));
        assertNotEquals(digests.get(0), digests.get(2), "another secret");
    }

    @Test
    void shouldSaySoWhenTheKeyIsRandom() throws IOException {
        Files.writeString(file, Files.readString(file).replace("secret-file: secret\n", ""));
        assertEquals(0, run("--service", "db", "--client", "198.51.100.7"));
        assertTrue(out.toString().contains("note: no secret-file"), out::toString);
    }

    @Test
    void shouldSaySoWhenANameHasNoAddress() throws IOException {
        Files.writeString(file, Files.readString(file).replace("10.0.0.9:5432", "db-1.invalid:5432"));
        assertEquals(1, run("--service", "db", "--client", "198.51.100.7"));
        assertTrue(err.toString().contains("a backend's name has no address"), err::toString);
    }

    @Test
    void shouldAskForWhatIsMissing() {
        assertEquals(2, run("--client", "198.51.100.7"));
        assertTrue(err.toString().contains("say which --service; there are: web, any, db"), err::toString);
        assertEquals(2, run("--service", "wbe", "--client", "198.51.100.7"));
        assertTrue(err.toString().contains("no service 'wbe'; did you mean 'web'?"), err::toString);
        assertEquals(2, run("--service", "web", "--client", "198.51.100.7"));
        assertTrue(err.toString().contains("give the client's port too"), err::toString);
        assertEquals(2, run("--service", "any", "--client", "198.51.100.7:1"));
        assertTrue(err.toString().contains("say which is meant, --listen"), err::toString);
        assertEquals(2, run("--service", "web"));
        assertEquals(2, run("--service", "web", "--client", "198.51.100.7:1", "--flows"));
        assertEquals(2, run("--service", "web", "--flows", "0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nowhere", "198.51.100.7:0", "198.51.100.7:65536", "[198.51.100.7]:80", "2001:db8::1]:80", ":80"
            })
    void shouldRefuseWhatIsNoAddress(String client) {
        assertEquals(2, run("--service", "db", "--client", client));
        assertTrue(err.toString().contains("is no address such as"), err::toString);
    }

    private List<String> digests() {
        return out.toString().lines().filter(line -> line.startsWith("digest")).toList();
    }

    private int run(String... arguments) {
        CommandLine command = new CommandLine(new PickCommand())
                .setExecutionExceptionHandler(new ProblemPrinter())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.length + 2];
        all[0] = "-c";
        all[1] = file.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return command.execute(all);
    }
}
