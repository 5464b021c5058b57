package io.penstock.bgp.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.testing.DocumentMutator;
import io.penstock.testing.SchemaAgreement;
import io.penstock.testing.SchemaDocument;
import java.util.List;

/** The agent's schema and example, and what people write into such files. */
final class BgpDocument {
    /** Right in some places, wrong in most. One a line, as YAML. */
    private static final List<JsonNode> VALUES =
            """
            null
            true
            false
            0
            -1
            1
            2
            16
            17
            179
            255
            23456
            65535
            65536
            4200000000
            4294967295
            4294967296
            1.5
            ""
            "2"
            5s
            0s
            1500ms
            100ms
            90m
            241h
            5 s
            off
            none
            auto
            self
            drain
            keep
            egp
            ipv6
            "a b"
            50%
            web
            /run/penstock
            ./run
            192.0.2.1
            192.0.2.10
            192.0.2.10/32
            192.0.2.0/24
            192.0.2.10/24
            192.0.2.10/33
            192.0.2.300/32
            0.0.0.0/0
            127.0.0.1
            127.0.0.1/32
            224.0.0.5
            198.51.100.0/24
            "2001:db8::10/128"
            "2001:db8::/129"
            "fe80::1"
            "::ffff:192.0.2.1"
            "127.0.0.1:50051"
            "127.0.0.1:65536"
            "1.2.3:80"
            "localhost:50051"
            "[::1]:50051"
            "http://127.0.0.1:9080"
            "https://192.0.2.1:9443"
            "unix:/run/a.sock"
            "unix:a"
            admin.token
            router.password
            missing
            65001:100
            65536:100
            65001:1:2
            65001:1:4294967296
            "rt:65001:100"
            "rt:4200000000:65536"
            "soo:192.0.2.1:1"
            "0x0002fde900000064"
            no-export
            noexport
            graceful-shutdown
            any
            []
            {}
            [a]
            [1]
            [192.0.2.1]
            [192.0.2.0/24]
            [192.0.2.0/24, 192.0.2.0/24]
            ["::/0"]
            [ipv4, ipv4]
            [65001:100, no-export]
            ["rt:65001:100"]
            { port: 80 }
            { tcp: { port: 1 } }
            { tcp: {}, port: 80, address: 192.0.2.10 }
            { forwarder: "127.0.0.1:9080" }
            { forwarder: { url: "unix:/run/a.sock" }, rise: 1 }
            { services: { a: { port: 80 } } }
            { services: { a: { port: 80 }, b: { forwarder: "unix:/run/a.sock" } }, require: any }
            { a: { port: 80 } }
            { url: "127.0.0.1:1" }
            { address: 192.0.2.77, asn: 65000 }
            { address: 192.0.2.78, asn: 65001, multihop: 2 }
            { asn: 65001, router-id: 192.0.2.1 }
            { prefix: 192.0.2.77/32, health: none }
            { prefix: 192.0.2.78/32, health: { port: 80 }, presence: false }
            { up: { med: 5 } }
            { draining: { wait: 5s } }
            { med: 5, prepend: 2 }
            { initial: 1s }
            { ecmp-agent: "unix:/run/a.sock" }
            { address: "unix:/run/gobgpd.sock" }
            { ca-file: ca.pem }
            { listen: "127.0.0.1:9083" }
            { text: ping }
            { regex: "a+" }
            { at-least: 1 }
            { at-least: 3 }
            { score: 5, down-below: 6 }
            { a: { tcp: {} }, b: { udp: { send: a } } }
            """.lines().map(SchemaDocument::fromYaml).toList();

    private static final List<String> KEYS = List.of(
            "admin",
            "gobgp",
            "global",
            "peers",
            "allow",
            "owner",
            "guard",
            "vips",
            "web",
            "asn",
            "router-id",
            "listen",
            "listen-port",
            "address",
            "passive",
            "port",
            "ttl-security",
            "multihop",
            "hold-time",
            "keepalive",
            "families",
            "graceful-restart",
            "local-address",
            "password-file",
            "prefix",
            "presence",
            "next-hop",
            "health",
            "services",
            "require",
            "forwarder",
            "vip",
            "url",
            "key",
            "tls",
            "hold-down",
            "initial",
            "max",
            "attributes",
            "up",
            "draining",
            "wait",
            "med",
            "communities",
            "comunities",
            "then",
            "ecmp-agent",
            "tcp",
            "http",
            "checks",
            "timeout",
            "a b",
            "");

    static final SchemaAgreement AGREEMENT = new SchemaAgreement(
            new SchemaDocument("bgp-anycast-agent"),
            List.of(
                    // Between neighbours, VIPs and what is allowed.
                    "must be inside of a prefix of allow",
                    "takes in so much .*",
                    "must be at least as many as there are VIPs .*",
                    "must be an address of the prefix",
                    "must be another (address than|than) .*",
                    "must be this host's own address, .*",
                    "must be false: nobody can call .*",
                    "needs address: .*",
                    "is needed: which address .*",
                    "is needed: a check over .*",
                    "takes orders over TCP only .*",
                    // Arithmetic.
                    "has host bits, .*",
                    "must be whole seconds, .*",
                    "must (be|not be) shorter than .*",
                    // Which addresses make sense.
                    "must be an IPv4 address of this host .*",
                    "must be of addresses that routers lead to .*",
                    "must be an address that (one host has|routers reach).*",
                    "must be the address of an ecmp-agent's admin API.*"));

    private BgpDocument() {}

    static DocumentMutator mutator(long seed) {
        return new DocumentMutator(VALUES, KEYS, seed);
    }
}
