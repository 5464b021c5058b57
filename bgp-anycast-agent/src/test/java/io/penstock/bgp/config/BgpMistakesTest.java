package io.penstock.bgp.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of the file. */
class BgpMistakesTest {
    private final BgpConfigs config = new BgpConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            watch: true                                    | watch: must be one of: auto, none (was true)
            vip: {}                                        | vip: unknown key, did you mean 'vips'? (was vip)
            state-directory: run                           | state-directory: must be an absolute path of visible ASCII, such as /run/penstock (was run)
            owner: 65001:9                                 | owner: must be a large community such as "65001:1:2", each part 0 to 4294967295 (was 65001:9)
            owner: 1                                       | owner: must be a large community such as "65001:1:2", each part 0 to 4294967295, in quotes (was 1)
            max-paths: 0                                   | max-paths: must be a whole number from 1 to 100000 (was 0)
            no-export: yes                                 | no-export: must be true or false (was yes)
            guard: 500ms                                   | guard: must be a duration from 1s to 1m (was 500ms)
            guard: 61s                                     | guard: must be a duration from 1s to 1m (was 61s)
            guard: none                                    | guard: must be off, or a whole number and a unit (ms, s, m or h), from 1s to 1m (was none)
            guard: 3                                       | guard: needs a unit, such as 3ms or 3s (was 3)
            on-stop: stay                                  | on-stop: must be one of: drain, keep, withdraw (was stay)
            admin: {}                                      | admin.listen: is required (was absent)
            gobgp: { address: "127.0.0.1" }                | gobgp.address: must be where GoBGP's API listens, such as "127.0.0.1:50051", "router.internal:50051" or "unix:/run/gobgpd.sock" (was 127.0.0.1)
            gobgp: { address: "127.0.0.1:65536" }          | gobgp.address: must be where GoBGP's API listens, such as "127.0.0.1:50051", "router.internal:50051" or "unix:/run/gobgpd.sock" (was 127.0.0.1:65536)
            gobgp: { address: "unix:run/gobgpd.sock" }     | gobgp.address: must be where GoBGP's API listens, such as "127.0.0.1:50051", "router.internal:50051" or "unix:/run/gobgpd.sock" (was unix:run/gobgpd.sock)
            gobgp: { address: "-a:50051" }                 | gobgp.address: must be where GoBGP's API listens, such as "127.0.0.1:50051", "router.internal:50051" or "unix:/run/gobgpd.sock" (was -a:50051)
            gobgp: { address: "1.2.3:50051" }              | gobgp.address: must be where GoBGP's API listens, such as "127.0.0.1:50051", "router.internal:50051" or "unix:/run/gobgpd.sock" (was 1.2.3:50051)
            gobgp: { address: "1.2.3.256:50051" }          | gobgp.address: '1.2.3.256' is not an IPv4 address (was 1.2.3.256:50051)
            gobgp: { address: "[::g]:50051" }              | gobgp.address: must be where GoBGP's API listens, such as "127.0.0.1:50051", "router.internal:50051" or "unix:/run/gobgpd.sock" (was [::g]:50051)
            gobgp: { address: "0.0.0.0:50051" }            | gobgp.address: must be an address to connect to, not every address (was 0.0.0.0:50051)
            gobgp: { address: "http://127.0.0.1:50051" }   | gobgp.address: must be where GoBGP's API listens, such as "127.0.0.1:50051", "router.internal:50051" or "unix:/run/gobgpd.sock" (was http://127.0.0.1:50051)
            gobgp: { address: "unix:/run/g.sock", tls: {} } | gobgp.tls: is for TCP only (was a mapping)
            gobgp: { tls: { certificate: admin.crt } }     | gobgp.tls.key: is needed: certificate and key go together (was absent)
            gobgp: { tls: { key: admin.key } }             | gobgp.tls.certificate: is needed: certificate and key go together (was absent)
            gobgp: { tls: { server-name: "a b" } }         | gobgp.tls.server-name: must be the DNS name in its certificate (was a b)
            gobgp: { tls: { ca: ca.pem } }                 | gobgp.tls.ca: unknown key, known here: ca-file, certificate, key, server-name (was ca)
            gobgp: { timeout: 50ms }                       | gobgp.timeout: must be a duration from 100ms to 1m (was 50ms)
            gobgp: { resync: 100ms }                       | gobgp.resync: must be a duration from 500ms to 1h (was 100ms)
            global: { router-id: 192.0.2.1 }               | global.asn: is required (was absent)
            global: { asn: 65001 }                         | global.router-id: is required (was absent)
            global: { asn: 0, router-id: 192.0.2.1 }       | global.asn: must be a whole number from 1 to 4294967294 (was 0)
            global: { asn: 4294967295, router-id: 192.0.2.1 } | global.asn: must be a whole number from 1 to 4294967294 (was 4294967295)
            global: { asn: 65535, router-id: 192.0.2.1 }   | global.asn: is reserved (RFC 7300) (was 65535)
            global: { asn: 23456, router-id: 192.0.2.1 }   | global.asn: is reserved: old routers see it in place of those that they cannot have (RFC 6793) (was 23456)
            global: { asn: AS1, router-id: 192.0.2.1 }     | global.asn: must be a whole number from 1 to 4294967294 (was AS1)
            global: { asn: 1, router-id: "2001:db8::1" }   | global.router-id: must be an IPv4 address of this host that no other router has, such as 192.0.2.1 (was 2001:db8::1)
            global: { asn: 1, router-id: 0.0.0.0 }         | global.router-id: must be an IPv4 address of this host that no other router has, such as 192.0.2.1 (was 0.0.0.0)
            global: { asn: 1, router-id: 192.0.2.1, listen-port: 0 } | global.listen-port: must be a whole number from 1 to 65535 (was 0)
            global: { asn: 1, router-id: 192.0.2.1, listen-port: off } | global.listen-port: must be none, or a whole number from 1 to 65535 (was off)
            global: { asn: 1, router-id: 192.0.2.1, listen-port: none, listen: [192.0.2.1] } | global.listen: is for a daemon that listens only (was a list)
            global: { asn: 1, router-id: 192.0.2.1, listen: [] } | global.listen: must be a list of addresses of this host, with at least one (was an empty list)
            global: { asn: 1, router-id: 192.0.2.1, listen: [192.0.2.1, 192.0.2.1] } | global.listen[1]: is listed before (was 192.0.2.1)
            global: { asn: 1, router-id: 192.0.2.1, listen: [0.0.0.0] } | global.listen[0]: must be an address to connect to, not every address (was 0.0.0.0)
            peers: {}                                      | peers: must be a mapping of names to peers, with at least one (was an empty mapping)
            peers: { "a b": { address: 192.0.2.254, asn: 1 } } | peers.a b: a name must be 1 to 128 of the characters A-Z a-z 0-9 . _ : [ ] / @ - (was a b)
            """)
    void shouldReportTopLevel(String yaml, String problem) {
        assertEquals(problem, config.topProblem(yaml));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            asn: 65000                                     | address: is required (was absent)
            address: 192.0.2.254                           | asn: is required (was absent)
            address: 0.0.0.0, asn: 65000                   | address: must be an address to connect to, not every address (was 0.0.0.0)
            address: 224.0.0.5, asn: 65000                 | address: must be an address that one host has, not multicast or broadcast (was 224.0.0.5)
            address: "fe80::1", asn: 65000                 | address: must be an address that one host has, and that needs no interface (was fe80::1)
            address: "192.0.2.254:179", asn: 65000         | address: must be an address without a port, such as 192.0.2.1 (was 192.0.2.254:179)
            address: 192.0.2.254, asn: 65535               | asn: is reserved (RFC 7300) (was 65535)
            """)
    void shouldReportPeer(String keys, String problem) {
        assertEquals(problem, config.peerProblem(keys));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            remote-as: 5                                   | remote-as: unknown key, known here: address, asn, connect-retry, families, graceful-restart, hold-time, keepalive, local-address, multihop, passive, password-file, port, ttl-security (was remote-as)
            local-address: "2001:db8::1"                   | local-address: is of another family than the neighbour's, 198.51.100.1 (was 2001:db8::1)
            local-address: 198.51.100.1                    | local-address: must be this host's own address, not the neighbour's (was 198.51.100.1)
            port: 65536                                    | port: must be a whole number from 1 to 65535 (was 65536)
            passive: true, port: 1179                      | port: is for neighbours that are called only (was 1179)
            passive: true, connect-retry: 10s              | connect-retry: is for neighbours that are called only (was 10s)
            ttl-security: 255                              | ttl-security: must be a whole number from 1 to 254 (was 255)
            ttl-security: true                             | ttl-security: must be a whole number from 1 to 254 (was true)
            multihop: 1                                    | multihop: must be a whole number from 2 to 255 (was 1)
            multihop: 4, ttl-security: 1                   | multihop: cannot stand beside ttl-security (was 4)
            hold-time: 0s                                  | hold-time: must be a duration from 3s to 65535s (was 0s)
            hold-time: 2s                                  | hold-time: must be a duration from 3s to 65535s (was 2s)
            hold-time: 4500ms                              | hold-time: must be whole seconds, in which BGP counts (was 4500ms)
            hold-time: 9                                   | hold-time: needs a unit, such as 9ms or 9s (was 9)
            keepalive: 9s                                  | keepalive: must be shorter than hold-time (9s) (was 9s)
            keepalive: 10s, hold-time: 5s                  | keepalive: must be shorter than hold-time (5s) (was 10s)
            keepalive: 500ms                               | keepalive: must be a duration from 1s to 65534s (was 500ms)
            keepalive: 1500ms                              | keepalive: must be whole seconds, in which BGP counts (was 1500ms)
            connect-retry: 1s                              | connect-retry: must be a duration from 5s to 1h (was 1s)
            connect-retry: 5500ms                          | connect-retry: must be whole seconds, in which BGP counts (was 5500ms)
            families: []                                   | families: must be a list of ipv4 and ipv6, with at least one (was an empty list)
            families: [ipv4, ipv4]                         | families[1]: is listed before (was ipv4)
            families: [ipv5]                               | families[0]: must be one of: ipv4, ipv6, did you mean 'ipv4'? (was ipv5)
            graceful-restart: 4096s                        | graceful-restart: must be a duration from 1s to 4095s (was 4096s)
            graceful-restart: 1500ms                       | graceful-restart: must be whole seconds, in which BGP counts (was 1500ms)
            graceful-restart: true                         | graceful-restart: must be off, or a whole number and a unit (ms, s, m or h), from 1s to 4095s (was true)
            """)
    void shouldReportKeyOfPeer(String keys, String problem) {
        assertEquals(problem, config.peerProblem(BgpConfigs.LEAST_PEER + ", " + keys));
    }

    @Test
    void shouldReportPeersThatContradictOthers() {
        assertEquals("peers.b.address: duplicate address, first at line 2 (was 192.0.2.254)", config.topProblem("""
                        peers:
                          a: { address: 192.0.2.254, asn: 65000 }
                          b: { address: 192.0.2.254, asn: 65002 }"""));
        assertEquals("peers.a.multihop: is for neighbours of another ASN only (was 4)", config.topProblem("""
                        global: { asn: 65001, router-id: 192.0.2.1 }
                        peers: { a: { address: 192.0.2.254, asn: 65001, multihop: 4 } }"""));
        assertEquals(
                "peers.a.passive: must be false: nobody can call a daemon with global.listen-port: none (was true)",
                config.topProblem("""
                        global: { asn: 65001, router-id: 192.0.2.1, listen-port: none }
                        peers: { a: { address: 192.0.2.254, asn: 65000, passive: true } }"""));
    }

    @ParameterizedTest
    @CsvSource({"''", "'two\nlines\n'", "'caf\u00e9\n'", "'tab\there'", "'\n'"})
    void shouldReportPasswordThatCannotBeOneWithoutShowingIt(String content) {
        config.secret("bad", content, "rw-------");

        assertEquals(
                "password-file: must name a file with a password that can be used: " + config.resolve("bad")
                        + " must be one line of 1 to 80 characters of printable ASCII (was bad)",
                config.peerProblem(BgpConfigs.LEAST_PEER + ", password-file: bad"));
    }

    @Test
    void shouldReportPasswordThatIsTooLong() {
        config.secret("bad", "x".repeat(81), "rw-------");

        assertTrue(config.peerProblem(BgpConfigs.LEAST_PEER + ", password-file: bad")
                .contains("must be one line of 1 to 80 characters"));
    }

    @ParameterizedTest
    @CsvSource({"rw-r--r--", "rw-----w-"})
    void shouldReportPasswordThatOthersMayRead(String permissions) {
        config.secret("open", "hunter2\n", permissions);

        String problem = config.peerProblem(BgpConfigs.LEAST_PEER + ", password-file: open");

        assertEquals(
                "password-file: must name a file with a password that can be used: " + config.resolve("open")
                        + " must not be readable or writable for others (chmod o= " + config.resolve("open")
                        + ") (was open)",
                problem);
    }

    @Test
    void shouldReportPasswordFileThatIsMissing() {
        assertEquals(
                "password-file: must name a file that exists (was " + config.resolve("missing") + ")",
                config.peerProblem(BgpConfigs.LEAST_PEER + ", password-file: missing"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                             | allow: must be a list of prefixes outside of which nothing is announced, with at least one (was an empty list)
            192.0.2.0/24                   | allow: must be a list of prefixes outside of which nothing is announced, with at least one (was 192.0.2.0/24)
            [192.0.2.0]                    | allow[0]: must be a prefix with its length, such as "192.0.2.10/32" or "2001:db8::/48" (was 192.0.2.0)
            [192.0.2.77/24]                | allow[0]: has host bits, did you mean 192.0.2.0/24 (was 192.0.2.77/24)
            ["2001:db8::1/48"]             | allow[0]: has host bits, did you mean 2001:db8::/48 (was 2001:db8::1/48)
            [192.0.2.0/33]                 | allow[0]: must be a prefix with its length, such as "192.0.2.10/32" or "2001:db8::/48" (was 192.0.2.0/33)
            ["2001:db8::/129"]             | allow[0]: must be a prefix with its length, such as "192.0.2.10/32" or "2001:db8::/48" (was 2001:db8::/129)
            [192.0.2.0/024]                | allow[0]: must be a prefix with its length, such as "192.0.2.10/32" or "2001:db8::/48" (was 192.0.2.0/024)
            [192.0.300.0/24]               | allow[0]: '192.0.300.0' is not an IPv4 address (was 192.0.300.0/24)
            [192.0.2.0/24, 192.0.2.0/24]   | allow[1]: is listed before (was 192.0.2.0/24)
            [192.0.2.0/24, 5]              | allow[1]: must be a prefix with its length, such as "192.0.2.10/32" or "2001:db8::/48", in quotes (was 5)
            """)
    void shouldReportAllow(String allow, String problem) {
        assertEquals(problem, config.onlyProblem("allow: " + allow + "\nvips: { web: { " + BgpConfigs.LEAST + " } }"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            198.51.100.77/24     | has host bits, did you mean 198.51.100.0/24
            192.0.2.10           | must be a prefix with its length, such as "192.0.2.10/32" or "2001:db8::/48"
            198.51.100.0/24      | must be inside of a prefix of allow
            192.0.0.0/16         | must be inside of a prefix of allow
            2001:db8:1::/64      | must be inside of a prefix of allow
            0.0.0.0/0            | takes in so much that allow has to name exactly this prefix
            ::/0                 | takes in so much that allow has to name exactly this prefix
            192.0.0.0/7          | takes in so much that allow has to name exactly this prefix
            2000::/15            | takes in so much that allow has to name exactly this prefix
            """)
    void shouldReportPrefix(String prefix, String rule) {
        assertEquals(
                "prefix: " + rule + " (was " + prefix + ")",
                config.problem("prefix: \"" + prefix + "\", health: none"));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1/32",
        "224.0.0.0/8",
        "169.254.1.0/24",
        "0.0.0.0/32",
        "240.0.0.1/32",
        "fe80::/64",
        "ff02::/16",
        "::1/128",
        "::/128"
    })
    void shouldReportPrefixThatIsOfNoHosts(String prefix) {
        assertEquals(
                "vips.a.prefix: must be of addresses that routers lead to a host, not loopback, link-local or multicast"
                        + " (was " + prefix + ")",
                config.onlyProblem(
                        "allow: [0.0.0.0/0, \"::/0\"]\nvips: { a: { prefix: \"" + prefix + "\", health: none } }\n"));
    }

    @Test
    void shouldReportDefaultRouteInsideOfAllButItself() {
        assertEquals(
                "vips.a.prefix: takes in so much that allow has to name exactly this prefix (was 0.0.0.0/1)",
                config.onlyProblem("allow: [0.0.0.0/0]\nvips: { a: { prefix: 0.0.0.0/1, health: none } }\n"));
    }

    @Test
    void shouldReportPrefixThatAnotherVipHas() {
        assertEquals("vips.b.prefix: duplicate prefix, first at line 4 (was 192.0.2.10/32)", config.onlyProblem("""
                        allow: [192.0.2.0/24]
                        vips:
                          c: { prefix: 192.0.2.0/24, health: none }
                          a: { prefix: 192.0.2.10/32, health: none }
                          b: { prefix: 192.0.2.10/32, health: none }
                        """));
    }

    @Test
    void shouldBoundPaths() {
        assertEquals(
                "max-paths: must be at least as many as there are VIPs (2) (was 1)",
                config.onlyProblem("max-paths: 1\n" + BgpConfigs.vips("""
                        a: { prefix: 192.0.2.1/32, health: none }, b: { prefix: 192.0.2.2/32, health: none }""")));
        assertEquals(
                "max-paths: must be at least as many as there are VIPs (1001) (was absent)",
                config.onlyProblem("allow: [10.0.0.0/8]\nvips: { "
                        + IntStream.rangeClosed(0, 1000)
                                .mapToObj(i ->
                                        "v%d: { prefix: 10.0.%d.%d/32, health: none }".formatted(i, i >> 8, i & 255))
                                .collect(Collectors.joining(", "))
                        + " }"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            health: none                                              | prefix: is required (was absent)
            prefix: 192.0.2.10/32                                     | health: is required (was absent)
            prefix: 192.0.2.0/24, health: none, presence: true        | presence: needs address: which of the prefix's is looked for on this host (was true)
            prefix: 192.0.2.0/25, health: none, address: 192.0.2.128  | address: must be an address of the prefix (was 192.0.2.128)
            prefix: 192.0.2.0/25, health: { forwarder: "unix:/a" }    | health.vip: is needed: which address of the prefix the forwarder is asked about (was absent)
            """)
    void shouldReportVip(String keys, String problem) {
        assertEquals(problem, config.problem(keys));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            address: 192.0.2.11                            | address: must be an address of the prefix (was 192.0.2.11)
            address: 192.0.2.10/32                         | address: must be an address without a length, such as 192.0.2.10 (was 192.0.2.10/32)
            adress: 192.0.2.10                             | adress: unknown key, did you mean 'address'? (was adress)
            presence: maybe                                | presence: must be true or false (was maybe)
            next-hop: 0.0.0.0                              | next-hop: must be an address to connect to, not every address (was 0.0.0.0)
            next-hop: 127.0.0.1                            | next-hop: must be an address that routers reach, not loopback or link-local (was 127.0.0.1)
            next-hop: 224.0.0.1                            | next-hop: must be an address that one host has, not multicast or broadcast (was 224.0.0.1)
            next-hop: "fe80::1"                            | next-hop: must be an address that routers reach, not loopback or link-local (was fe80::1)
            next-hop: "2001:db8::1"                        | next-hop: is of another family than the prefix (was 2001:db8::1)
            next-hop: 192.0.2.10                           | next-hop: must be another address than the prefix's own, which would lead to itself (was 192.0.2.10)
            next-hop: me                                   | next-hop: must be self, or an address without a length, such as 192.0.2.1 (was me)
            hold-down: 10s                                 | hold-down: must be off, or a mapping with keys such as initial: 10s (was 10s)
            hold-down: { initial: 50ms }                   | hold-down.initial: must be a duration from 100ms to 24h (was 50ms)
            hold-down: { initial: 10s, max: 5s }           | hold-down.max: must not be shorter than initial (10s) (was 5s)
            hold-down: { stable: 25h }                     | hold-down.stable: must be a duration from 100ms to 24h (was 25h)
            attributes: { drain: {} }                      | attributes.drain: unknown key, known here: degraded, draining, up (was drain)
            attributes: { up: { med: -1 } }                | attributes.up.med: must be a whole number from 0 to 4294967295 (was -1)
            attributes: { up: { med: 4294967296 } }        | attributes.up.med: must be a whole number from 0 to 4294967295 (was 4294967296)
            attributes: { up: { local-pref: high } }       | attributes.up.local-pref: must be a whole number from 0 to 4294967295 (was high)
            attributes: { up: { prepend: 17 } }            | attributes.up.prepend: must be a whole number from 0 to 16 (was 17)
            attributes: { up: { origin: bgp } }            | attributes.up.origin: must be one of: egp, igp, incomplete, did you mean 'egp'? (was bgp)
            attributes: { up: { wait: 5s } }               | attributes.up.wait: unknown key, known here: communities, extended-communities, large-communities, local-pref, med, origin, prepend (was wait)
            attributes: { draining: { wait: 25h } }        | attributes.draining.wait: must be a duration from 0s to 24h (was 25h)
            attributes: { up: { communities: [] } }        | attributes.up.communities: must be one or a list of at least one: a community such as "65001:100", each part 0 to 65535, or a well-known one such as no-export or graceful-shutdown (was an empty list)
            attributes: { up: { communities: [65536:1] } } | attributes.up.communities[0]: must be a community such as "65001:100", each part 0 to 65535, or a well-known one such as no-export or graceful-shutdown (was 65536:1)
            attributes: { up: { communities: [no-export, 65535:65281] } } | attributes.up.communities[1]: is listed before (was 65535:65281)
            attributes: { up: { extended-communities: ["rt:1"] } } | attributes.up.extended-communities[0]: must be an extended community such as "rt:65001:100", "soo:192.0.2.1:100" or 0x and 16 hexadecimal digits (was rt:1)
            attributes: { up: { large-communities: 1:2 } } | attributes.up.large-communities: must be a large community such as "65001:1:2", each part 0 to 4294967295 (was 1:2)
            then: {}                                       | then.ecmp-agent: is required (was absent)
            then: { ecmp-agent: localhost }                | then.ecmp-agent: must be the address of an ecmp-agent's admin API, such as "unix:/run/penstock/ecmp.sock", "http://127.0.0.1:9081" or "https://192.0.2.1:9444" (was localhost)
            then: { ecmp-agent: "http://127.0.0.1:9081" }  | then.ecmp-agent: takes orders over TCP only with a token: it needs token-file beside url; a UNIX socket needs none (was http://127.0.0.1:9081)
            then: { ecmp-agent: "http://192.0.2.1:9081" }  | then.ecmp-agent: another host's is asked over TLS: https://192.0.2.1:9081 (was http://192.0.2.1:9081)
            then: { ecmp-agent: { url: "unix:/run/a.sock", tokenfile: x } } | then.ecmp-agent.tokenfile: unknown key, did you mean 'token-file'? (was tokenfile)
            then: { ecmp-agent: "unix:/run/a.sock", vip: "a b" } | then.vip: a name must be 1 to 128 of the characters A-Z a-z 0-9 . _ : [ ] / @ - (was a b)
            """)
    void shouldReportKeyOfVip(String keys, String problem) {
        assertEquals(problem, config.leastProblem(keys));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            always                                         | : must be none, or a mapping with keys such as forwarder: "http://127.0.0.1:9080" (was always)
            {}                                             | .port: is needed: a check over the network has no port of its own (was absent)
            { tcp: {} }                                    | .port: is needed: a check over the network has no port of its own (was absent)
            { forwarder: localhost }                       | .forwarder: must be the address of a forwarder's admin API, such as "http://127.0.0.1:9080", "unix:/run/penstock/admin.sock" or "https://192.0.2.1:9443" (was localhost)
            { forwarder: "unix:/a", port: 80 }             | .port: is for checks of the agent's own only (was 80)
            { forwarder: "unix:/a", vip: 0.0.0.0 }         | .vip: must be an address to connect to, not every address (was 0.0.0.0)
            { port: 80, vip: 192.0.2.10 }                  | .vip: is for forwarder only (was 192.0.2.10)
            { port: 80, tcp: {}, http: {} }                | .http: cannot stand beside tcp (was a mapping)
            { port: 80, source: "::1" }                    | .source: is of another family than what it checks, 127.0.0.1 (was ::1)
            { services: {} }                               | .services: must be a mapping of names to services, with at least one (was an empty mapping)
            { services: { a: { port: 80 } }, port: 80 }    | .port: is for health without services only (was 80)
            { services: { a: { port: 80 } }, forwarder: "unix:/a" } | .forwarder: is for health without services only (was unix:/a)
            { services: { a: { port: 80 } }, require: some } | .require: must be one of: all, any (was some)
            { services: { a: { port: 80 } }, require: { at-least: 2 } } | .require.at-least: must be at most as many as there are services (1) (was 2)
            { services: { a: { port: 80 } }, require: { at-least: 0 } } | .require.at-least: must be a whole number from 1 to 16 (was 0)
            { services: { a: { port: 80 } }, require: {} } | .require.at-least: is needed (was absent)
            { services: { a: { port: 80 } }, require: { score: 5 } } | .require.score: is for checks only (was 5)
            { services: { a: none } }                      | .services.a: must be a mapping of keys to values (was none)
            { services: { a: { services: {}, port: 80 } } } | .services.a.services: unknown key, known here: address, checks, exchange, exec, fall, fast-interval, forwarder, http, initial, interval, jitter, port, proxy-protocol, require, rise, source, tcp, timeout, tls, udp, vip (was services)
            { services: { "a b": { port: 80 } } }          | .services.a b: a name must be 1 to 128 of the characters A-Z a-z 0-9 . _ : [ ] / @ - (was a b)
            """)
    void shouldReportHealth(String health, String problem) {
        assertEquals("health" + problem, config.problem("prefix: 192.0.2.10/32, health: " + health));
    }

    @Test
    void shouldBoundServices() {
        String services =
                IntStream.range(0, 17).mapToObj(i -> "s" + i + ": { port: 80 }").collect(Collectors.joining(", "));

        assertEquals(
                "health.services: must be at most 16 services (was a mapping)",
                config.problem("prefix: 192.0.2.10/32, health: { services: { " + services + " } }"));
    }

    @Test
    void shouldReportCheckOfAnycastAddressThatMayBeAnothersHost() {
        assertEquals(
                "health.address: must be another than the VIP's, which another host may answer for; or the VIP needs"
                        + " presence: true (was 192.0.2.10)",
                config.problem("prefix: 192.0.2.10/32, presence: false, health: { port: 80, address: 192.0.2.10 }"));
    }

    @Test
    void shouldWantAllowAndVips() {
        assertEquals(
                List.of("1:1: allow: is required (was absent)", "1:1: vips: is required (was absent)"),
                config.lines("watch: auto"));
    }

    @Test
    void shouldReportAllProblemsWithTheirPlaces() {
        List<String> problems = config.lines("""
                gobgp: { adress: "127.0.0.1:50051" }
                global:
                  asn: 0
                  router-id: 192.0.2.256
                peers:
                  router: { address: 192.0.2.254, asn: 65000, hold-time: 2s }
                allow: [192.0.2.0/24]
                vips:
                  web:
                    prefix: 198.51.100.10/32
                    next-hop: "::1"
                    health: { forwarder: "http://127.0.0.1:9080", falls: 3 }
                    attributes: { up: { communities: [nowhere] } }
                """);

        assertEquals(
                List.of(
                        "1:10: gobgp.adress: unknown key, did you mean 'address'? (was adress)",
                        "3:8: global.asn: must be a whole number from 1 to 4294967294 (was 0)",
                        "4:14: global.router-id: '192.0.2.256' is not an IPv4 address (was 192.0.2.256)",
                        "6:58: peers.router.hold-time: must be a duration from 3s to 65535s (was 2s)",
                        "10:13: vips.web.prefix: must be inside of a prefix of allow (was 198.51.100.10/32)",
                        "11:15: vips.web.next-hop: must be an address that routers reach, not loopback or link-local"
                                + " (was ::1)",
                        "12:51: vips.web.health.falls: unknown key, did you mean 'fall'? (was falls)",
                        "13:39: vips.web.attributes.up.communities[0]: must be a community such as \"65001:100\", each"
                                + " part 0 to 65535, or a well-known one such as no-export or graceful-shutdown (was"
                                + " nowhere)"),
                problems);
    }
}
