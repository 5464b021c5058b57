package io.penstock.forwarder.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.testing.ReaderFuzz;
import io.penstock.testing.SchemaDocument;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

class ReaderFuzzTest extends ReaderFuzz {
    private static final ForwarderConfigs CONFIG = new ForwarderConfigs();

    ReaderFuzzTest() {
        super(
                CONFIG,
                SchemaDocument.shipped("forwarder.example.yaml"),
                "a",
                "services",
                "pools",
                "web",
                "listen",
                "health",
                "checks",
                "regex");
    }

    @AfterContainer
    static void close() {
        CONFIG.close();
    }

    /** What the engine of regular expressions makes of it, in time and memory too, is the reader's to answer for. */
    @Property(tries = 1500)
    void shouldOnlyReportProblemsWhenRegexIsArbitrary(@ForAll("regexish") String regex) {
        String quoted = regex.replace("\\", "\\\\").replace("\"", "\\\"");
        readSoon("""
                services: { web: { listen: "*:80" } }
                pools:
                  web:
                    health: { http: { body: { regex: "%s" } } }
                    backends: ["10.0.0.1:80"]
                """.formatted(quoted).getBytes(UTF_8));
    }

    @Provide
    Arbitrary<String> regexish() {
        return Arbitraries.of(
                        "a",
                        "é",
                        ".",
                        "(",
                        "((((((((",
                        ")",
                        "))))))))",
                        "(?:",
                        "(?i)",
                        "(?P<x>",
                        "[",
                        "[^",
                        "[:alpha:]",
                        "]",
                        "{",
                        "{1000}",
                        "{30,}",
                        "{0,99}",
                        "}",
                        ",",
                        "9",
                        "*",
                        "+",
                        "?",
                        "|",
                        "^",
                        "$",
                        "\\",
                        "\\d",
                        "\\pL",
                        "\\x{",
                        "\\Q",
                        "\\E",
                        "\\b",
                        "-",
                        "z")
                .list()
                .ofMaxSize(200)
                .map(list -> String.join("", list));
    }
}
