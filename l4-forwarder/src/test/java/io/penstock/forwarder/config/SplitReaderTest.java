package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.net.IpPrefix;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitReaderTest {
    private final ForwarderConfigs config = new ForwarderConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @Test
    void shouldReadSourcesAndShares() {
        List<SplitConfig> splits = config.read(yaml("""
                [{ pool: b, sources: [10.0.0.0/8, 192.0.2.1, "2001:db8::/32"] }, { pool: b, percent: 0.01% },
                { pool: web, percent: 99.99% }]""")).services().get("web").splits();

        assertEquals(
                List.of(
                        new SplitConfig(
                                "b", List.of(prefix("10.0.0.0/8"), prefix("192.0.2.1"), prefix("2001:db8::/32")), 0),
                        new SplitConfig("b", List.of(), 1),
                        new SplitConfig("web", List.of(), 9999)),
                splits);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                                                      | split: must be a list of at least one split (was an empty list)
            [{ percent: 10% }]                                                      | split[0].pool: is required (was absent)
            [{ pool: c, percent: 10% }]                                             | split[0].pool: no pool is named 'c', did you mean 'b'? (was c)
            [{ pool: b }]                                                           | split[0].percent: is needed, or sources (was absent)
            [{ pool: b, percent: 10%, sources: [10.0.0.0/8] }]                      | split[0].percent: cannot stand beside sources (was 10%)
            [{ pool: b, percent: 101% }]                                            | split[0].percent: must be a percentage from 0% to 100% (was 101%)
            [{ pool: b, percent: 10 }]                                              | split[0].percent: must be a number with a percent sign, from 0% to 100% (was 10)
            [{ pool: b, percent: 1% }, { pool: b, percent: 2% }]                    | split[1].percent: this pool has a share already, at line 1 (was 2%)
            [{ pool: b, percent: 60% }, { pool: web, percent: 40.01% }]             | split: the percentages of all splits must be at most 100% together (was a list)
            [{ pool: b, sources: [10.0.0.1/8] }]                                    | split[0].sources[0]: must have no bit set behind its prefix length (was 10.0.0.1/8)
            [{ pool: b, sources: [10.0.0.256/32] }]                                 | split[0].sources[0]: '10.0.0.256' is not an IPv4 address (was 10.0.0.256/32)
            [{ pool: b, sources: ["1:2:3/48"] }]                                    | split[0].sources[0]: '1:2:3' is not an IPv6 address (was 1:2:3/48)
            [{ pool: b, sources: ["::ffff:10.0.0.0/104"] }]                         | split[0].sources[0]: an IPv4-mapped address must be written as IPv4: 10.0.0.0 (was ::ffff:10.0.0.0/104)
            [{ pool: b, sources: [10.0.0.0/33] }]                                   | split[0].sources[0]: must be a prefix such as "198.51.100.0/24" or "2001:db8::/32" (was 10.0.0.0/33)
            [{ pool: b, sources: [web] }]                                           | split[0].sources[0]: must be a prefix such as "198.51.100.0/24" or "2001:db8::/32" (was web)
            [{ pool: b, sources: [10.0.0.1] }, { pool: b, sources: [10.0.0.1/32] }] | split[1].sources[0]: duplicate prefix, first at line 1 (was 10.0.0.1/32)
            """)
    void shouldExplainWhenSplitIsWrong(String keys, String problem) {
        assertEquals("services.web." + problem, config.onlyProblem(yaml(keys)));
    }

    private static String yaml(String split) {
        return "services: { web: { listen: \"*:80\", split: " + split.replace("\n", " ")
                + " } }\npools: { web: { backends: [\"a:1\"] }, b: { backends: [\"a:1\"] } }\n";
    }

    private static IpPrefix prefix(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }
}
