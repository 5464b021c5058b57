package io.penstock.ecmp.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.testing.DocumentMutator;
import io.penstock.testing.SchemaAgreement;
import io.penstock.testing.SchemaDocument;
import java.util.List;

/** The agent's schema and example, and what people write into such files. */
final class EcmpDocument {
    /** Right in some places, wrong in most. One a line, as YAML. */
    private static final List<JsonNode> VALUES =
            """
            null
            true
            0
            -1
            1
            2
            80
            210
            256
            65536
            2147483648
            1.5
            ""
            "2"
            5s
            0s
            15ms
            2500ms
            90m
            240h
            241h
            5 s
            none
            keep
            auto
            up
            fault
            withdraw
            resilient
            multipath
            lo
            "a b"
            50%
            51%
            /run/penstock
            run
            192.0.2.10
            192.0.2.10/32
            192.0.2.10/24
            192.0.2.0/24
            192.0.2.0/33
            192.0.2.0/024
            192.0.2.300
            10.0.1.11
            127.0.0.1
            224.0.0.1
            "2001:db8::1"
            "2001:db8::/64"
            "2001:db8::1/128"
            "1:2:3"
            "fe80::1"
            "::ffff:10.0.0.1"
            "127.0.0.1:9080"
            "http://127.0.0.1:9080"
            "http://192.0.2.1:9080"
            "https://192.0.2.1:9443"
            "https://[::1]:9443"
            "unix:/run/a.sock"
            "unix:a"
            admin.token
            missing
            []
            {}
            [a]
            [10.0.1.11]
            [10.0.1.11, { via: 10.0.2.11 }]
            { port: 80 }
            { tcp: { port: 1 } }
            { forwarder: "127.0.0.1:9080" }
            { forwarder: { url: "unix:/run/a.sock" }, rise: 1 }
            { url: "127.0.0.1:1" }
            { via: 10.0.1.12, weight: 2 }
            { type: multipath }
            { buckets: 8, idle-timer: 5s }
            { address: 192.0.2.77, health: none }
            { prefix: 192.0.2.77, legs: [10.0.1.1] }
            { listen: "127.0.0.1:9081" }
            { text: ping }
            { regex: "a+" }
            { at-least: 1 }
            { score: 5, down-below: 6 }
            { a: { tcp: {} }, b: { udp: { send: a } } }
            """.lines().map(SchemaDocument::fromYaml).toList();

    private static final List<String> KEYS = List.of(
            "vips",
            "routes",
            "web",
            "sysctls",
            "admin",
            "address",
            "interface",
            "lease",
            "health",
            "forwarder",
            "url",
            "key",
            "prefix",
            "group",
            "type",
            "buckets",
            "table",
            "metric",
            "legs",
            "via",
            "weight",
            "wieght",
            "id",
            "port",
            "tcp",
            "http",
            "checks",
            "require",
            "interval",
            "timeout",
            "source",
            "a b",
            "");

    static final SchemaAgreement AGREEMENT = new SchemaAgreement(
            new SchemaDocument("ecmp-agent"),
            List.of(
                    // Between VIPs, routes, legs.
                    "duplicate (leg|route), .*",
                    "is needed: a link-local .*",
                    "is link-local.*",
                    "may be the leg of .*",
                    "must be of the same family .*",
                    "must be (the host's own|another than|the leg's own).*",
                    "needs at least .* buckets.*",
                    // Arithmetic.
                    "must be whole seconds, .*",
                    "must be a multiple of .*",
                    "must not be the kernel's own.*",
                    // Which addresses make sense.
                    "must be an address that routers lead to .*",
                    "must be of addresses that hosts have.*",
                    "must be the address of a host on one of this router's networks.*"));

    private EcmpDocument() {}

    static DocumentMutator mutator(long seed) {
        return new DocumentMutator(VALUES, KEYS, seed);
    }
}
