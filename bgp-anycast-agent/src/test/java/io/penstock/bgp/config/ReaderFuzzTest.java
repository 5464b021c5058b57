package io.penstock.bgp.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.testing.ReaderFuzz;
import io.penstock.testing.SchemaDocument;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

class ReaderFuzzTest extends ReaderFuzz {
    private static final BgpConfigs CONFIG = new BgpConfigs();

    ReaderFuzzTest() {
        super(
                CONFIG,
                SchemaDocument.shipped("bgp-anycast-agent.example.yaml"),
                "a",
                "gobgp",
                "global",
                "peers",
                "allow",
                "vips",
                "web",
                "prefix",
                "attributes",
                "communities",
                "off");
    }

    @AfterContainer
    static void close() {
        CONFIG.close();
    }

    /** Prefixes, addresses, communities and what is asked: whatever stands in their places. */
    @Property(tries = 500)
    void shouldOnlyReportProblemsWhenTextsAreArbitrary(@ForAll("texts") String text) {
        readSoon("""
                gobgp: { address: "%s" }
                global: { asn: 65001, router-id: "%s", listen: ["%s"] }
                peers: { a: { address: "%s", asn: 65000, local-address: "%s", password-file: "%s" } }
                allow: ["%s"]
                owner: "%s"
                guard: "%s"
                vips:
                  web:
                    prefix: "%s"
                    address: "%s"
                    next-hop: "%s"
                    health: { forwarder: "%s", vip: "%s" }
                    hold-down: { initial: "%s" }
                    attributes: { up: { communities: "%s", extended-communities: ["%s"], large-communities: "%s" } }
                    then: { ecmp-agent: "%s", vip: "%s" }
                """.replace("%s", text).getBytes(UTF_8));
    }

    @Provide
    Arbitrary<String> texts() {
        List<String> tokens = new ArrayList<>(ADDRESSES);
        tokens.addAll(List.of("rt:", "soo:", "65535", "65536", "4294967295", "0x", "no-export", "off", "self", "s"));
        return joined(8, tokens);
    }
}
