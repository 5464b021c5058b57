package io.penstock.vrrp.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.testing.ReaderFuzz;
import io.penstock.testing.SchemaDocument;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

class ReaderFuzzTest extends ReaderFuzz {
    private static final VrrpConfigs CONFIG = new VrrpConfigs();

    ReaderFuzzTest() {
        super(
                CONFIG,
                SchemaDocument.shipped("vrrp-agent.example.yaml"),
                "a",
                "routers",
                "groups",
                "hooks",
                "web",
                "vips",
                "track",
                "vrid");
    }

    @AfterContainer
    static void close() {
        CONFIG.close();
    }

    /** VIPs, peers, sources and what is asked: whatever stands in their places. */
    @Property(tries = 500)
    void shouldOnlyReportProblemsWhenAddressesAreArbitrary(@ForAll("addressish") String text) {
        readSoon("""
                routers:
                  web:
                    interface: "%s"
                    vrid: 51
                    source: "%s"
                    unicast: { peers: ["%s"] }
                    vips: ["%s", { address: "%s" }]
                    track: [{ forwarder: "%s", vip: "%s" }, { port: 80, address: "%s" }, { file: "%s" }]
                """.replace("%s", text).getBytes(UTF_8));
    }

    @Provide
    Arbitrary<String> addressish() {
        return joined(8, ADDRESSES);
    }
}
