package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backends that are listeners of the same file. */
class OwnListenersTest {
    private final ForwarderConfigs config = new ForwarderConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.0.2.10:80       | 192.0.2.10:80
            192.0.2.10:80-89    | 192.0.2.10:85
            [2001:db8::10]:80   | [2001:db8:0::10]:80
            *:80                | 127.0.0.1:80
            *:80                | 127.9.9.9:80
            *:80                | [::1]:80
            0.0.0.0:80          | 127.0.0.1:80
            [::]:80             | [::1]:80
            192.0.2.10:80-89    | 192.0.2.10
            *:80                | 127.0.0.1
            """)
    void shouldReportABackendThatIsAListener(String listen, String backend) {
        assertEquals(
                "pools.web.backends[0]: is a listener of this forwarder: services.web.listen at line 1 (was " + backend
                        + ")",
                config.onlyProblem(yaml(listen, backend)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.0.2.10:80       | 192.0.2.10:81
            192.0.2.10:80-89    | 192.0.2.10:90
            192.0.2.10:80       | 192.0.2.11:80
            192.0.2.10:80       | 127.0.0.1:80
            0.0.0.0:80          | [::1]:80
            [::]:80             | 127.0.0.1:80
            *:80                | 127.0.0.1:8080
            *:80                | 192.0.2.10:80
            *:80                | localhost:80
            192.0.2.10:80       | 192.0.2.11
            """)
    void shouldAcceptABackendThatIsNone(String listen, String backend) {
        assertEquals(List.of(), config.problems(yaml(listen, backend)));
    }

    @Test
    void shouldReportListenersOfOtherServicesToo() {
        assertEquals(
                "pools.b.backends[0]: is a listener of this forwarder: services.a.listen[1] at line 2 (was 192.0.2.1:81)",
                config.onlyProblem("""
                        services:
                          a: { listen: ["192.0.2.1:80", "192.0.2.1:81"] }
                          b: { listen: "192.0.2.1:82" }
                        pools: { a: { backends: ["10.0.0.1:80"] }, b: { backends: ["192.0.2.1:81"] } }
                        """));
    }

    @Test
    void shouldReportAPoolThatOnlyASplitLeadsTo() {
        assertEquals(
                "pools.b.backends[0]: is a listener of this forwarder: services.a.listen at line 2 (was 192.0.2.1)",
                config.onlyProblem("""
                        services:
                          a: { listen: "192.0.2.1:80", split: [{ pool: b, percent: 1% }] }
                        pools: { a: { backends: ["10.0.0.1:80"] }, b: { health: none, backends: ["192.0.2.1"] } }
                        """));
    }

    @Test
    void shouldNotMindAPoolThatNoServiceUses() {
        assertEquals(List.of(), config.problems("""
                        services: { a: { listen: "192.0.2.1:80" } }
                        pools: { a: { backends: ["10.0.0.1:80"] }, b: { backends: ["192.0.2.1:80"] } }
                        """));
    }

    private static String yaml(String listen, String backend) {
        return "services: { web: { listen: \"" + listen + "\" } }\npools: { web: { health: none, backends: [\""
                + backend + "\"] } }\n";
    }
}
