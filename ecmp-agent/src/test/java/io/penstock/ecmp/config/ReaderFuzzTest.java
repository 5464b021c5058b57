package io.penstock.ecmp.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.testing.ReaderFuzz;
import io.penstock.testing.SchemaDocument;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

class ReaderFuzzTest extends ReaderFuzz {
    private static final EcmpConfigs CONFIG = new EcmpConfigs();

    ReaderFuzzTest() {
        super(
                CONFIG,
                SchemaDocument.shipped("ecmp-agent.example.yaml"),
                "a",
                "vips",
                "routes",
                "web",
                "legs",
                "health",
                "group");
    }

    @AfterContainer
    static void close() {
        CONFIG.close();
    }

    /** Addresses, prefixes and servers: whatever stands in their places. */
    @Property(tries = 500)
    void shouldOnlyReportProblemsWhenAddressesAreArbitrary(@ForAll("addressish") String text) {
        readSoon("""
                vips: { web: { address: "%s", health: { forwarder: "%s" } } }
                routes: { web: { prefix: "%s", legs: ["%s", { via: "%s", health: { address: "%s", port: 1 } }] } }
                """.replace("%s", text).getBytes(UTF_8));
    }

    @Provide
    Arbitrary<String> addressish() {
        return joined(8, ADDRESSES);
    }
}
