package io.penstock.vrrp.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.testing.DocumentMutator;
import io.penstock.testing.SchemaAgreement;
import io.penstock.testing.SchemaDocument;
import java.util.List;

/** The agent's schema and example, and what people write into such files. */
final class VrrpDocument {
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
            3
            51
            80
            211
            254
            255
            256
            65536
            1.5
            ""
            "2"
            owner
            5s
            0s
            15ms
            100ms
            2500ms
            90m
            41s
            241h
            5 s
            none
            auto
            restore
            fault
            step-down
            rfc9568
            eth0
            lo
            "a b"
            50%
            51%
            web
            web6
            /bin/sh
            ./hook
            192.0.2.1
            192.0.2.10
            192.0.2.10/24
            192.0.2.10/0
            192.0.2.0/24
            192.0.2.10/33
            192.0.2.300
            127.0.0.1
            224.0.0.18
            "2001:db8::10/64"
            "fe80::53/64"
            "fe80::53"
            "1:2:3"
            "::ffff:192.0.2.1"
            "http://127.0.0.1:9080"
            "https://192.0.2.1:9443"
            "unix:/run/a.sock"
            "unix:a"
            admin.token
            missing
            []
            {}
            [a]
            [1]
            [1, 1]
            [192.0.2.77/24]
            [192.0.2.77/24, { address: 192.0.2.78, advertise: false }]
            ["fe80::1/64", "2001:db8::77/64"]
            [{ interface: eth1 }]
            [{ tcp: {}, port: 80, weight: -5 }]
            [web, web6]
            [sh, -c, exit]
            { interface: vip0 }
            { peers: [192.0.2.2] }
            { repeat: 3, again: 0s }
            { port: 80 }
            { tcp: { port: 1 } }
            { forwarder: "127.0.0.1:9080" }
            { forwarder: { url: "unix:/run/a.sock" }, rise: 1 }
            { file: drain }
            { url: "127.0.0.1:1" }
            { address: 192.0.2.77/24 }
            { interface: eth0, vrid: 9, vips: [192.0.2.99/24] }
            { command: sh }
            { priority: 5 }
            { listen: "127.0.0.1:9081" }
            { text: ping }
            { regex: "a+" }
            { at-least: 1 }
            { score: 5, down-below: 6 }
            { a: { tcp: {} }, b: { udp: { send: a } } }
            """.lines().map(SchemaDocument::fromYaml).toList();

    private static final List<String> KEYS = List.of(
            "routers",
            "groups",
            "hooks",
            "realtime",
            "admin",
            "watch",
            "protocol",
            "web",
            "interface",
            "vrid",
            "version",
            "priority",
            "interval",
            "advertisement-interval",
            "preempt",
            "accept",
            "checksum",
            "source",
            "unicast",
            "peers",
            "ttl",
            "virtual-mac",
            "password",
            "vips",
            "address",
            "advertise",
            "lease",
            "announce",
            "refresh",
            "track",
            "weight",
            "wieght",
            "forwarder",
            "vip",
            "file",
            "name",
            "tcp",
            "http",
            "port",
            "checks",
            "require",
            "timeout",
            "command",
            "a b",
            "");

    static final SchemaAgreement AGREEMENT = new SchemaAgreement(
            new SchemaDocument("vrrp-agent"),
            List.of(
                    // Between routers, VIPs, peers, tracks, groups.
                    "duplicate (VIP|peer), .*",
                    "must be of the same family as .*",
                    "must be at most 20 VIPs that are advertised.*",
                    "must have (at least one VIP that is advertised|a link-local one).*",
                    "must be 3: version 2 .*",
                    "must be true: the owner .*",
                    "must be (this host's own|the peer's own|another host's) address, not .*",
                    "must be another than the VIP, .*",
                    "must be link-local: .*",
                    "must be an interface of its own, .*",
                    "must be the name of a router.*",
                    "is the interface of line .*",
                    "is that of the router at line .*",
                    "is in a group already, .*",
                    "is for others than the owner, .*",
                    "has the name of the track at line .*",
                    // Arithmetic.
                    "must be whole seconds, .*",
                    "must be a multiple of .*",
                    "must be at least 1s, .*",
                    // Which addresses make sense.
                    "must be an address that one host of (a|its) network has, .*",
                    "must be an address that one host has, .*",
                    // A name that follows from another value.
                    "a name must be .*"));

    private VrrpDocument() {}

    static DocumentMutator mutator(long seed) {
        return new DocumentMutator(VALUES, KEYS, seed);
    }
}
