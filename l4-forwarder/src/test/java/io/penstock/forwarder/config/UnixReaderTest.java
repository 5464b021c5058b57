package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.config.ConfigProblem;
import io.penstock.net.UnixAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** UNIX sockets in {@code listen} and {@code backends}. */
class UnixReaderTest {
    private final ForwarderConfigs config = new ForwarderConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    private static String yaml(String listen, String pool) {
        return "services: { web: { listen: " + listen + " } }\npools: { web: " + pool + " }\n";
    }

    @Test
    void shouldReadBothKinds() {
        ForwarderConfig read = config.read(yaml(
                "[\"unix:/run/web.sock\", \"unix:@web\"]", "{ backends: [\"unix:/run/app.sock\", \"unix:@app\"] }"));

        List<ListenConfig> listen = read.services().get("web").listen();
        assertEquals(
                Optional.of(new UnixAddress("/run/web.sock")), listen.get(0).unix());
        assertEquals("unix:@web", listen.get(1).toString());
        BackendConfig backend = read.pools().get("web").backends().get(1);
        assertEquals("unix:@app", backend.id());
        assertEquals(Optional.of(new UnixAddress("@app")), backend.unix());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "unix:web.sock"             | { health: none, backends: ["10.0.0.1:80"] }                | after unix: must come an absolute path
            "unix:/run/"                | { health: none, backends: ["10.0.0.1:80"] }                | after unix: must come an absolute path
            ["unix:@a", "unix:@a"]      | { health: none, backends: ["10.0.0.1:80"] }                | overlaps unix:@a
            "unix:/run/a"               | { health: none, backends: ["10.0.0.1"] }                   | needs a port: clients of a UNIX socket
            "unix:/run/a"               | { health: none, backends: ["unix:/run/a"] }                | is a listener of this forwarder
            "*:80"                      | { health: none, backends: ["unix:"] }                      | after unix: must come an absolute path
            "*:80"                      | { health: { tcp: { port: 1 } }, backends: ["unix:@a"] }    | a port of its own cannot reach
            "*:80"                      | { health: { tcp: {}, source: 10.0.0.1 }, backends: ["unix:@a"] } | to which checks have no source
            "*:80"                      | { agent: { port: 1 }, backends: ["unix:@a"] }              | an agent is asked at a port
            """)
    void shouldRefuseWhatCannotBe(String listen, String pool, String rule) {
        List<ConfigProblem> problems = config.problems(yaml(listen, pool));

        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.get(0).rule().contains(rule), problems::toString);
    }
}
