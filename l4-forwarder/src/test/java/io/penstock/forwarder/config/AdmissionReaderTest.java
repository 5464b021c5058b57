package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.config.Rate;
import io.penstock.forwarder.config.AdmissionConfig.PerSource;
import io.penstock.net.IpPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionReaderTest {
    private final ForwarderConfigs config = new ForwarderConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @Test
    void shouldLimitNothingByDefault() {
        ForwarderConfig read = config.read(yaml("pool: web"));
        assertEquals(AdmissionConfig.OPEN, read.services().get("web").admission());
        assertEquals(OptionalInt.empty(), read.maxConnections());
        assertEquals(Optional.empty(), read.services().get("web").timeouts().firstByte());
    }

    @Test
    void shouldReadEveryLimit() {
        ServiceConfig service = config.read(yaml("limits: { connections: 7, rate: 300/m, per-source: { connections: 3,"
                        + " rate: 50/s, burst: 9, prefix: { ipv4: 24, ipv6: 56 }, sources: 2048 } },"
                        + " allow: [10.0.0.0/8], deny: [10.1.0.0/16, \"2001:db8::/32\"], timeouts: { first-byte: 9s }"))
                .services()
                .get("web");

        assertEquals(
                new AdmissionConfig(
                        Optional.of(prefixes("10.0.0.0/8")),
                        prefixes("10.1.0.0/16", "2001:db8::/32"),
                        OptionalInt.of(7),
                        Optional.of(Rate.perMinute(300)),
                        Optional.of(
                                new PerSource(OptionalInt.of(3), Optional.of(Rate.perSecond(50)), 9, 24, 56, 2048))),
                service.admission());
        assertEquals(Optional.of(Duration.ofSeconds(9)), service.timeouts().firstByte());
    }

    @Test
    void shouldReadTheProcessLimit() {
        assertEquals(
                OptionalInt.of(12),
                config.read("limits: { connections: 12 }\n" + yaml("pool: web")).maxConnections());
    }

    @Test
    void shouldLetAsManyComeAtOnceAsTheRateSays() {
        PerSource source = config.read(yaml("limits: { per-source: { rate: 300/m } }"))
                .services()
                .get("web")
                .admission()
                .perSource()
                .orElseThrow();
        assertEquals(
                new PerSource(
                        OptionalInt.empty(), Optional.of(Rate.perMinute(300)), 300, 32, 64, PerSource.DEFAULT_SOURCES),
                source);
    }

    @Test
    void shouldReadListsFromFiles() throws IOException {
        list("# known\n10.0.0.0/8\n\n  192.0.2.1 # one\n2001:db8::/32\r\n10.0.0.0/8\n");
        assertEquals(
                prefixes("10.0.0.0/8", "192.0.2.1", "2001:db8::/32", "10.0.0.0/8"),
                config.read(yaml("deny: { file: blocked.txt }"))
                        .services()
                        .get("web")
                        .admission()
                        .deny());
    }

    @Test
    void shouldAllowNobodyByAnEmptyList() throws IOException {
        list("# nobody yet\n");
        assertEquals(
                Optional.of(List.of()),
                config.read(yaml("allow: { file: blocked.txt }"))
                        .services()
                        .get("web")
                        .admission()
                        .allow());
    }

    @Test
    void shouldReadAHundredThousandPrefixes() throws IOException {
        list(String.join(
                "\n",
                IntStream.range(0, 100_000)
                        .mapToObj(i -> (i >> 16) + 1 + "." + ((i >> 8) & 255) + "." + (i & 255) + ".0/24")
                        .toList()));
        assertEquals(
                100_000,
                config.read(yaml("deny: { file: blocked.txt }"))
                        .services()
                        .get("web")
                        .admission()
                        .deny()
                        .size());
    }

    @Test
    void shouldReportEachWrongLineWhereTheFileIsNamed() throws IOException {
        list("10.0.0.0/8\n10.0.0.1/8\nnobody\n");
        String rule =
                "must name a list of addresses and prefixes such as 192.0.2.0/24, with no bit set behind their length;"
                        + " line %d is none";
        assertEquals(
                List.of(rule.formatted(2), rule.formatted(3)),
                config.problems(yaml("deny: { file: blocked.txt }")).stream()
                        .map(problem -> problem.rule())
                        .toList());
    }

    @Test
    void shouldReportAFileThatIsNoText() throws IOException {
        Files.write(config.file().resolveSibling(ForwarderConfigs.BLOCKED), new byte[] {'1', '\n', (byte) 0xff, '\n'});
        assertEquals(
                "must name a list of prefixes, in UTF-8",
                config.problems(yaml("deny: { file: blocked.txt }")).get(0).rule());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            limits: { connections: 0 }                                          | limits.connections: must be a whole number from 1 to 10000000 (was 0)
            limits: { rate: 50 }                                                | limits.rate: needs a unit, such as 50/s or 50/m (was 50)
            limits: { rate: 0/s }                                               | limits.rate: must be a rate from 1/h to 1000000/s (was 0/s)
            limits: { per-source: { rate: 100001/s } }                          | limits.per-source.rate: must be a rate from 1/h to 100000/s (was 100001/s)
            limits: { per-source: { sources: 2048 } }                           | limits.per-source.connections: is needed, or rate (was absent)
            limits: { per-source: { connections: 2, burst: 3 } }                | limits.per-source.burst: is for limits with a rate only (was 3)
            limits: { per-source: { connections: 2, prefix: { ipv4: 33 } } }    | limits.per-source.prefix.ipv4: must be a whole number from 1 to 32 (was 33)
            limits: { persource: { connections: 2 } }                           | limits.persource: unknown key, did you mean 'per-source'? (was persource)
            allow: []                                                           | allow: must be a list of at least one prefix, or a mapping with the key file (was an empty list)
            allow: [10.0.0.1/8]                                                 | allow[0]: must have no bit set behind its prefix length (was 10.0.0.1/8)
            deny: [10.0.0.0/8, 10.0.0.0/8]                                      | deny[1]: duplicate prefix, first at line 1 (was 10.0.0.0/8)
            deny: {}                                                            | deny.file: is required (was absent)
            timeouts: { first-byte: 0s }                                        | timeouts.first-byte: must be a duration from 1ms to 240h (was 0s)
            """)
    void shouldExplainWhatIsWrong(String keys, String problem) {
        assertEquals("services.web." + problem, config.onlyProblem(yaml(keys)));
    }

    private void list(String text) throws IOException {
        Files.writeString(config.file().resolveSibling(ForwarderConfigs.BLOCKED), text);
    }

    private static List<IpPrefix> prefixes(String... texts) {
        return Stream.of(texts).map(text -> IpPrefix.parse(text).orElseThrow()).toList();
    }

    private static String yaml(String keys) {
        return "services: { web: { listen: \"*:80\", " + keys + " } }\npools: { web: { backends: [\"a:1\"] } }\n";
    }
}
