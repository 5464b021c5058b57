package io.penstock.ecmp.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.config.ConfigProblem;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of the file. */
class EcmpMistakesTest {
    private final EcmpConfigs config = new EcmpConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            protocol: 4                    | protocol: must be a whole number from 5 to 255 (was 4)
            protocol: 11                   | protocol: marks what is the agent's own, and this is the number of zebra (was 11)
            nexthop-ids: 0                 | nexthop-ids: must be a whole number from 1 to 2000000000 (was 0)
            state-directory: run           | state-directory: must be an absolute path of visible ASCII, such as /run/penstock (was run)
            watch: true                    | watch: must be one of: auto, none (was true)
            vip: {}                        | vip: unknown key, did you mean 'vips'? (was vip)
            routes: {}                     | routes: must be a mapping of names to routes, with at least one (was an empty mapping)
            admin: { listen: "[::1]:x" }   | admin.listen: must be an address and port such as "127.0.0.1:9080" or "[::1]:9080", or a socket such as "unix:/run/penstock/admin.sock" (was [::1]:x)
            sysctls: { arp-ignore: 9 }     | sysctls.arp-ignore: must be a whole number from 0 to 8, or keep (was 9)
            sysctls: { rp-filter: off }    | sysctls.rp-filter: must be a whole number from 0 to 2, or keep (was off)
            sysctls: { rp-filter: "2" }    | sysctls.rp-filter: must be a whole number from 0 to 2, without quotes (was 2)
            sysctls: { multipath-hash: [] } | sysctls.multipath-hash: must be a whole number from 0 to 3, or keep (was a list)
            """)
    void shouldReportTopLevel(String keys, String problem) {
        assertEquals(
                problem, config.onlyProblem(keys + "\n" + EcmpConfigs.vipYaml("address: 192.0.2.10, health: none")));
    }

    @Test
    void shouldWantVipsOrRoutes() {
        assertEquals(
                "vips: is required, or routes: a host has VIPs, a router has routes (was absent)",
                config.onlyProblem("protocol: 210"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            health: none                                     | address: is required (was absent)
            address: 192.0.2.10                              | health: is required (was absent)
            address: 192.0.2.0/24, health: none              | address: must be an address with /32, or /128 in IPv6, such as "192.0.2.10/32" (was 192.0.2.0/24)
            address: "2001:db8::1/32", health: none          | address: must be an address with /32, or /128 in IPv6, such as "192.0.2.10/32" (was 2001:db8::1/32)
            address: 192.0.2.10/032, health: none            | address: must be an address with /32, or /128 in IPv6, such as "192.0.2.10/32" (was 192.0.2.10/032)
            address: 192.0.2.300, health: none               | address: '192.0.2.300' is not an IPv4 address (was 192.0.2.300)
            address: "::ffff:192.0.2.1", health: none        | address: an IPv4-mapped address must be written as IPv4: 192.0.2.1 (was ::ffff:192.0.2.1)
            address: 127.0.0.5, health: none                 | address: must be an address that routers lead to a host, not loopback, link-local or multicast (was 127.0.0.5)
            address: 169.254.3.4/32, health: none            | address: must be an address that routers lead to a host, not loopback, link-local or multicast (was 169.254.3.4/32)
            address: "fe80::1", health: none                 | address: must be an address that routers lead to a host, not loopback, link-local or multicast (was fe80::1)
            address: 224.0.0.9, health: none                 | address: must be an address that routers lead to a host, not loopback, link-local or multicast (was 224.0.0.9)
            address: 192.0.2.10, health: none, lease: 1s     | lease: must be a duration from 2s to 1h (was 1s)
            address: 192.0.2.10, health: none, lease: 2500ms | lease: must be whole seconds, in which the kernel counts (was 2500ms)
            address: 192.0.2.10, health: none, drain: 25h    | drain: must be a duration from 0s to 24h (was 25h)
            address: 192.0.2.10, health: none, interface: "a b" | interface: must be the name of an interface, such as eth0, of at most 15 letters, digits and . _ - (was a b)
            address: 192.0.2.10, health: none, on-removal: leave | on-removal: must be one of: fault, restore (was leave)
            address: 192.0.2.10, health: none, leases: 3s    | leases: unknown key, did you mean 'lease'? (was leases)
            address: 192.0.2.10, health: up                  | health: must be none, or a mapping with keys such as forwarder: "http://127.0.0.1:9080" (was up)
            """)
    void shouldReportVip(String keys, String problem) {
        assertEquals("vips.web." + problem, config.onlyProblem(EcmpConfigs.vipYaml(keys)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            forwarder: localhost                                     | forwarder: must be the address of a forwarder's admin API, such as "http://127.0.0.1:9080", "unix:/run/penstock/admin.sock" or "https://192.0.2.1:9443" (was localhost)
            forwarder: "http://unix:/run/a"                          | forwarder: must be the address of a forwarder's admin API, such as "http://127.0.0.1:9080", "unix:/run/penstock/admin.sock" or "https://192.0.2.1:9443" (was http://unix:/run/a)
            forwarder: "http://192.0.2.1:9080"                       | forwarder: another host's is asked over TLS: https://192.0.2.1:9080 (was http://192.0.2.1:9080)
            forwarder: "https://192.0.2.1:9443"                      | forwarder: another host's answers only to those that it knows, so it needs token-file, or certificate and key, beside url (was https://192.0.2.1:9443)
            forwarder: { url: "https://192.0.2.1:9443" }             | forwarder.url: another host's answers only to those that it knows, so it needs token-file, or certificate and key, beside url (was https://192.0.2.1:9443)
            forwarder: { token-file: admin.token }                   | forwarder.url: is required (was absent)
            forwarder: { url: "127.0.0.1:1", key: admin.key }        | forwarder.certificate: is needed: certificate and key go together (was absent)
            forwarder: { url: "127.0.0.1:1", certificate: admin.crt } | forwarder.key: is needed: certificate and key go together (was absent)
            forwarder: "127.0.0.1:1", http: {}                       | http: is for checks of the agent's own only (was a mapping)
            forwarder: "127.0.0.1:1", port: 80                       | port: is for checks of the agent's own only (was 80)
            forwarder: "127.0.0.1:1", fall: 0                        | fall: must be a whole number from 1 to 100 (was 0)
            forwarder: "127.0.0.1:1", interval: 5ms                  | interval: must be a duration from 10ms to 1h (was 5ms)
            http: {}                                                 | port: is needed: a check over the network has no port of its own (was absent)
            checks: { a: { tcp: { port: 1 } }, b: { tcp: {} } }      | port: is needed: a check over the network has no port of its own (was absent)
            port: 80, address: 192.0.2.10                            | address: must be another than the VIP, which is not here before it can be served (was 192.0.2.10)
            port: 80, address: "fe80::1"                             | address: must be an address that one host has, and that needs no interface (was fe80::1)
            port: 80, source: "::1"                                  | source: is of another family than what it checks, 127.0.0.1 (was ::1)
            port: 80, interval: 100ms, timeout: 200ms                | timeout: must not be longer than the interval between checks (was 200ms)
            """)
    void shouldReportHealthOfVip(String keys, String problem) {
        assertEquals(
                "vips.web.health." + problem,
                config.onlyProblem(EcmpConfigs.vipYaml("address: 192.0.2.10, health: { " + keys + " }")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            legs: [10.0.1.11]                                  | prefix: is required (was absent)
            prefix: 192.0.2.10                                 | legs: is required (was absent)
            prefix: 192.0.2.10, legs: []                       | legs: must be a list of at least one leg (was an empty list)
            prefix: 192.0.2.10/33, legs: [10.0.1.11]           | prefix: must be an address or a prefix, such as "192.0.2.10/32" or "2001:db8::/64" (was 192.0.2.10/33)
            prefix: 192.0.2.10/24, legs: [10.0.1.11]           | prefix: must have no bit set behind its prefix length (was 192.0.2.10/24)
            prefix: 224.0.0.0/8, legs: [10.0.1.11]             | prefix: must be of addresses that hosts have, not loopback or multicast (was 224.0.0.0/8)
            prefix: 127.0.0.0/16, legs: [10.0.1.11]            | prefix: must be of addresses that hosts have, not loopback or multicast (was 127.0.0.0/16)
            prefix: 192.0.2.10, table: 255, legs: [10.0.1.11]  | table: must not be the kernel's own, in which it keeps the host's addresses (was 255)
            prefix: 192.0.2.10, table: 0, legs: [10.0.1.11]    | table: must be a whole number from 1 to 2147483647 (was 0)
            prefix: 192.0.2.10, metric: -1, legs: [10.0.1.11]  | metric: must be a whole number from 0 to 2147483647 (was -1)
            prefix: 192.0.2.10, when-empty: drop, legs: [10.0.1.11] | when-empty: must be one of: keep, unreachable, withdraw (was drop)
            prefix: 192.0.2.10, group: ecmp, legs: [10.0.1.11] | group: must be one of: multipath, resilient (was ecmp)
            prefix: 192.0.2.10, group: { buckets: 0 }, legs: [10.0.1.11] | group.buckets: must be a whole number from 1 to 65535 (was 0)
            prefix: 192.0.2.10, group: { idle-timer: 15ms }, legs: [10.0.1.11] | group.idle-timer: must be a multiple of 10ms, in which the kernel counts (was 15ms)
            prefix: 192.0.2.10, group: { type: multipath, buckets: 8 }, legs: [10.0.1.11] | group.buckets: is for type: resilient only (was 8)
            prefix: 192.0.2.10, group: { buckets: 3 }, legs: [{ via: 10.0.1.11, weight: 3 }, 10.0.2.11] | group: needs at least 4 buckets, so that each leg has one by its weight (was a mapping)
            prefix: 192.0.2.10, health: yes, legs: [10.0.1.11] | health: must be none, or a mapping with keys such as port: 80 (was yes)
            prefix: 192.0.2.10, health: { port: 80, address: 10.0.0.1 }, legs: [10.0.1.11] | health.address: unknown key, known here: checks, exchange, exec, fall, fast-interval, http, initial, interval, jitter, port, proxy-protocol, require, rise, source, tcp, timeout, tls, udp (was address)
            """)
    void shouldReportRoute(String keys, String problem) {
        assertEquals("routes.web." + problem, config.onlyProblem(EcmpConfigs.routeYaml(keys)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            f1                                                 | legs[0]: must be the address of a host on one of this router's networks, such as 10.0.1.11 (was f1)
            127.0.0.1                                          | legs[0]: must be the address of a host on one of this router's networks, such as 10.0.1.11 (was 127.0.0.1)
            "2001:db8::1"                                      | legs[0]: must be of the same family as the route's prefix, 192.0.2.10/32 (was 2001:db8::1)
            192.0.2.10                                         | legs[0]: must be the host's own address, not the one that the route leads to (was 192.0.2.10)
            { id: f1 }                                         | legs[0].via: is required (was absent)
            { via: 10.0.1.11, weight: 257 }                    | legs[0].weight: must be a whole number from 1 to 256 (was 257)
            { via: 10.0.1.11, wieght: 2 }                      | legs[0].wieght: unknown key, did you mean 'weight'? (was wieght)
            { via: 10.0.1.11, id: "a b" }                      | legs[0].id: a name must be 1 to 128 of the characters A-Z a-z 0-9 . _ : [ ] / @ - (was a b)
            { via: 10.0.1.11, health: {} }                     | legs[0].health.port: is needed: a check over the network has no port of its own (was absent)
            { via: 10.0.1.11, health: { port: 80, address: 192.0.2.10 } } | legs[0].health.address: must be the leg's own, not one that the route leads to (was 192.0.2.10)
            { via: 10.0.1.11, health: no }                     | legs[0].health: must be none, or a mapping with keys such as port: 80 (was no)
            10.0.1.11, 10.0.1.11                               | legs[1]: duplicate id, first at line 1 (was 10.0.1.11)
            { via: 10.0.1.11, id: a }, { via: 10.0.1.11, id: b, interface: eth1 } | legs[1].via: may be the leg of line 1: to tell them apart, both need an interface (was 10.0.1.11)
            { via: 10.0.1.11, id: a }, { via: 10.0.1.11, id: b } | legs[1].via: duplicate leg, first at line 1 (was 10.0.1.11)
            """)
    void shouldReportLeg(String legs, String problem) {
        String firstOf = EcmpConfigs.routeYaml("prefix: 192.0.2.10, legs: [" + legs + "]");

        ConfigProblem first = config.problems(firstOf).get(0);

        assertEquals("routes.web." + problem, first.key() + ": " + first.rule() + " (was " + first.was() + ")");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            legs: ["fe80::1"]                                            | legs[0]: is link-local, so the leg needs its interface (was fe80::1)
            health: { port: 80 }, legs: [{ via: "fe80::1", interface: eth1 }] | legs[0].via: is link-local and cannot be checked: the leg needs health of its own, with an address (was fe80::1)
            legs: [{ via: "fe80::1", interface: eth1, health: { port: 80 } }] | legs[0].health.address: is needed: a link-local address cannot be checked (was absent)
            """)
    void shouldReportLinkLocalLeg(String keys, String problem) {
        assertEquals(
                "routes.web." + problem, config.onlyProblem(EcmpConfigs.routeYaml("prefix: \"2001:db8::1\", " + keys)));
    }

    @Test
    void shouldReportWhatIsThereTwice() {
        List<String> rules = config.problems("""
                vips:
                  a: { address: 192.0.2.10/32, health: none }
                  b: { address: 192.0.2.10, health: none, interface: eth0 }
                routes:
                  c: { prefix: "2001:db8::1", legs: ["2001:db8:1::1"], metric: 1024 }
                  d: { prefix: "2001:db8::1/128", legs: ["2001:db8:1::1"] }
                  e: { prefix: "2001:db8::1/128", legs: ["2001:db8:1::1"], table: 5 }
                """).stream()
                .map(problem -> problem.key() + ": " + problem.rule())
                .toList();

        assertEquals(
                List.of(
                        "vips.b.address: duplicate address, first at line 2",
                        "routes.d: duplicate route, first at line 5: prefix, table and metric are the same"),
                rules);
    }

    @Test
    void shouldReportAllProblemsAtOnceByPosition() {
        List<String> keys =
                config.problems("""
                protocol: 300
                vips:
                  "a b": { address: 192.0.2.1/31, health: { forwarder: x, rise: 0 }, lease: 3 }
                routes:
                  web: { prefix: 10.0.0.0/8, legs: [{ via: 10.0.1.11, weight: 0 }, 10.0.1.x] }
                colour: red
                """).stream().map(ConfigProblem::key).toList();

        assertEquals(
                List.of(
                        "protocol",
                        "vips.a b",
                        "vips.a b.address",
                        "vips.a b.health.forwarder",
                        "vips.a b.health.rise",
                        "vips.a b.lease",
                        "routes.web.legs[0].weight",
                        "routes.web.legs[1]",
                        "colour"),
                keys);
    }

    @Test
    void shouldWantNoMoreLegsThanOneRequestHolds() {
        StringBuilder legs = new StringBuilder("10.0.0.1");
        for (int i = 2; i <= RouteConfig.MAX_LEGS + 1; i++) {
            legs.append(", 10.0.").append(i / 200).append('.').append(i % 200 + 1);
        }

        assertEquals(
                "routes.web.legs: must be at most 128 legs (was 129 legs)",
                config.onlyProblem(EcmpConfigs.routeYaml("prefix: 192.0.2.10, legs: [" + legs + "]")));
    }
}
