package io.penstock.vrrp.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of the file. */
class VrrpMistakesTest {
    private final VrrpConfigs config = new VrrpConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            protocol: 4                                    | protocol: must be a whole number from 5 to 255 (was 4)
            protocol: 210                                  | protocol: marks what is the agent's own, and this is the number of the ecmp-agent (was 210)
            watch: true                                    | watch: must be one of: auto, none (was true)
            router: {}                                     | router: unknown key, did you mean 'routers'? (was router)
            realtime: { priority: 100 }                    | realtime.priority: must be a whole number from 1 to 99 (was 100)
            realtime: { cpus: [] }                         | realtime.cpus: must be a list of at least one CPU, such as [1] (was an empty list)
            realtime: { cpus: [1, 1] }                     | realtime.cpus[1]: duplicate CPU (was 1)
            realtime: { cpus: [1024] }                     | realtime.cpus[0]: must be a whole number from 0 to 1023 (was 1024)
            realtime: { lock-memory: 1 }                   | realtime.lock-memory: must be true or false (was 1)
            groups: { edge: [web] }                        | groups.edge: must be a list of at least two routers, such as [web, web6] (was one)
            groups: { edge: [web, wep] }                   | groups.edge[1]: must be the name of a router, did you mean 'web'? (was wep)
            groups: { edge: [web, web] }                   | groups.edge[1]: is in a group already, at line 1: a router is in at most one, once (was web)
            groups: { edge: web }                          | groups.edge: must be a list of at least two routers, such as [web, web6] (was web)
            groups: {}                                     | groups: must be a mapping of names to lists of routers, with at least one (was an empty mapping)
            hooks: []                                      | hooks: must be a list of at least one hook, such as [{ command: [logger, vrrp] }] (was an empty list)
            hooks: [{ timeout: 1s }]                       | hooks[0].command: is required (was absent)
            hooks: [{ command: [] }]                       | hooks[0].command: must be a program, or a list of a program and its arguments (was an empty list)
            hooks: [{ command: no-such-program-anywhere }] | hooks[0].command: must name a program that is in a directory of PATH and can be executed (was no-such-program-anywhere)
            hooks: [{ command: ./hook }]                   | hooks[0].command: must be the absolute path of a program, or its name in PATH (was ./hook)
            hooks: [{ command: /nowhere/hook }]            | hooks[0].command: must name a program that can be executed (was /nowhere/hook)
            hooks: [{ command: sh, timeout: 2h }]          | hooks[0].timeout: must be a duration from 10ms to 1h (was 2h)
            hooks: [{ command: sh, timeouts: 1s }]         | hooks[0].timeouts: unknown key, did you mean 'timeout'? (was timeouts)
            """)
    void shouldReportTopLevel(String keys, String problem) {
        assertEquals(problem, config.onlyProblem(keys + "\n" + VrrpConfigs.yaml(VrrpConfigs.LEAST)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            vrid: 51, vips: [192.0.2.10/24]                                  | interface: is required (was absent)
            interface: eth0, vips: [192.0.2.10/24]                           | vrid: is required (was absent)
            interface: eth0, vrid: 51                                        | vips: is required (was absent)
            interface: "a b", vrid: 51, vips: [192.0.2.10/24]                | interface: must be the name of an interface, such as eth0, of at most 15 letters, digits and . _ - (was a b)
            interface: interface-of-16c, vrid: 51, vips: [192.0.2.10/24]     | interface: must be the name of an interface, such as eth0, of at most 15 letters, digits and . _ - (was interface-of-16c)
            interface: eth0, vrid: 0, vips: [192.0.2.10/24]                  | vrid: must be a whole number from 1 to 255 (was 0)
            interface: eth0, vrid: 256, vips: [192.0.2.10/24]                | vrid: must be a whole number from 1 to 255 (was 256)
            interface: eth0, vrid: 51, version: 2, vips: ["fe80::53/64"]     | version: must be 3: version 2 is for IPv4 only (RFC 3768) (was 2)
            interface: eth0, vrid: 51, vips: ["fe80::53/64"], source: "2001:db8::1" | source: must be link-local: advertisements to ff02::12 come from nowhere else (RFC 9568 section 5.1.2.1) (was 2001:db8::1)
            interface: eth0, vrid: 51, vips: ["fe80::53/64"], checksum: rfc9568 | checksum: is for version 3 over IPv4 only (was rfc9568)
            """)
    void shouldReportRouter(String keys, String problem) {
        assertEquals(problem, config.problem(keys));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            version: 4                                                 | version: must be a whole number from 2 to 3 (was 4)
            priority: 0                                                | priority: must be a whole number from 1 to 254 (was 0)
            priority: 255                                              | priority: is that of the owner of the addresses, which is written as owner; the others have 1 to 254 (was 255)
            priority: own                                              | priority: must be a whole number from 1 to 254, or owner (was own)
            priorty: 150                                               | priorty: unknown key, did you mean 'priority'? (was priorty)
            advertisement-interval: 5ms                                | advertisement-interval: must be a duration from 10ms to 40950ms (was 5ms)
            advertisement-interval: 15ms                               | advertisement-interval: must be a multiple of 10ms, in which VRRP counts (was 15ms)
            advertisement-interval: 41s                                | advertisement-interval: must be a duration from 10ms to 40950ms (was 41s)
            advertisement-interval: 1                                  | advertisement-interval: needs a unit, such as 1ms or 1s (was 1)
            version: 2, advertisement-interval: 1500ms                 | advertisement-interval: must be whole seconds, in which version 2 counts (was 1500ms)
            version: 2, advertisement-interval: 256s                   | advertisement-interval: must be a duration from 1s to 255s (was 256s)
            version: 2, checksum: rfc9568                              | checksum: is for version 3 over IPv4 only (was rfc9568)
            version: 2, password: secret123                            | password: must be 1 to 8 characters of visible ASCII (was 9 characters)
            version: 2, password: "a b"                                | password: must be 1 to 8 characters of visible ASCII (was 3 characters)
            password: secret                                           | password: is for version: 2 only (was secret)
            checksum: rfc3768                                          | checksum: must be one of: rfc5798, rfc9568, did you mean 'rfc5798'? (was rfc3768)
            preempt: false, preempt-delay: 5s                          | preempt-delay: is for preempt: true only (was 5s)
            preempt-delay: 1001s                                       | preempt-delay: must be a duration from 0s to 1000s (was 1001s)
            priority: owner, preempt: false                            | preempt: must be true: the owner of the addresses always takes over (was false)
            priority: owner, preempt-delay: 5s                         | preempt-delay: is for others than the owner only (was 5s)
            accept: false                                              | accept: must be true: a host takes packets to an address that it has; one that only forwards can drop them by its packet filter (was false)
            source: "2001:db8::1"                                      | source: must be of the same family as the VIPs, IPv4 (was 2001:db8::1)
            source: 192.0.2.10                                         | source: must be this host's own address, not a VIP, which moves (was 192.0.2.10)
            source: 224.0.0.1                                          | source: must be an address that one host has, not multicast or broadcast (was 224.0.0.1)
            source: eth0                                               | source: must be this host's own address on the interface, such as 192.0.2.1 (was eth0)
            unicast: {}                                                | unicast.peers: is required (was absent)
            unicast: { peers: [] }                                     | unicast.peers: must be a list of at least one address of a peer, such as [192.0.2.2] (was an empty list)
            unicast: { peers: [192.0.2.2, 192.0.2.2] }                 | unicast.peers[1]: duplicate peer, first at line 1 (was 192.0.2.2)
            unicast: { peers: ["2001:db8::2"] }                        | unicast.peers[0]: must be of the same family as the VIPs, IPv4 (was 2001:db8::2)
            unicast: { peers: [192.0.2.10] }                           | unicast.peers[0]: must be the peer's own address, not a VIP, which moves (was 192.0.2.10)
            source: 192.0.2.1, unicast: { peers: [192.0.2.1] }         | unicast.peers[0]: must be another host's address, not this one's source (was 192.0.2.1)
            unicast: { peers: [192.0.2.2], ttl: 0 }                    | unicast.ttl: must be a whole number from 1 to 255 (was 0)
            unicast: { peers: [192.0.2.2], min-ttl: 256 }              | unicast.min-ttl: must be a whole number from 1 to 255 (was 256)
            virtual-mac: yes                                           | virtual-mac: must be true or false (was yes)
            virtual-mac: { interface: a-name-of-16-char }              | virtual-mac.interface: must be the name of an interface, such as eth0, of at most 15 letters, digits and . _ - (was a-name-of-16-char)
            virtual-mac: { interface: eth0 }                           | virtual-mac: must be an interface of its own, which the agent makes (was eth0)
            lease: 1s                                                  | lease: must be a duration from 2s to 1h (was 1s)
            lease: 2500ms                                              | lease: must be whole seconds, in which the kernel counts (was 2500ms)
            announce: { repeat: 0 }                                    | announce.repeat: must be a whole number from 1 to 100 (was 0)
            announce: { refresh: 500ms }                               | announce.refresh: must be at least 1s, or 0s for never (was 500ms)
            announce: { again: 11m }                                   | announce.again: must be a duration from 0s to 10m (was 11m)
            on-removal: leave                                          | on-removal: must be one of: fault, restore (was leave)
            on-late: stop                                              | on-late: must be one of: continue, step-down (was stop)
            priority: "150"                                            | priority: must be a whole number from 1 to 254, without quotes (was 150)
            priority: owner, track: [{ interface: eth1, weight: -20 }] | track[0].weight: is for others than the owner, whose priority is always 255 (was -20)
            """)
    void shouldReportKeyOfRouter(String keys, String problem) {
        assertEquals(problem, config.leastProblem(keys));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                                             | vips: must be a list of at least one address, such as [192.0.2.10/24] (was an empty list)
            192.0.2.10                                                     | vips: must be a list of at least one address, such as [192.0.2.10/24] (was 192.0.2.10)
            [192.0.2.10/33]                                                | vips[0]: must be an address with its prefix length, such as "192.0.2.10/24", from /1 to /32 (was 192.0.2.10/33)
            ["2001:db8::1/129"]                                            | vips[0]: must be an address with its prefix length, such as "192.0.2.10/24", from /1 to /128 (was 2001:db8::1/129)
            [192.0.2.10/0]                                                 | vips[0]: must be an address with its prefix length, such as "192.0.2.10/24", from /1 to /32 (was 192.0.2.10/0)
            [192.0.2.10/024]                                               | vips[0]: must be an address with its prefix length, such as "192.0.2.10/24", from /1 to /32 (was 192.0.2.10/024)
            [192.0.2.300/24]                                               | vips[0]: '192.0.2.300' is not an IPv4 address (was 192.0.2.300/24)
            [192.0.2.0/24]                                                 | vips[0]: must be an address that one host of its network has, not the network's own (was 192.0.2.0/24)
            [192.0.2.255/24]                                               | vips[0]: must be an address that one host of its network has, not the network's broadcast address (was 192.0.2.255/24)
            [127.0.0.1/8]                                                  | vips[0]: must be an address that one host of a network has, not loopback or multicast (was 127.0.0.1/8)
            [224.0.0.18]                                                   | vips[0]: must be an address that one host of a network has, not loopback or multicast (was 224.0.0.18)
            ["::ffff:192.0.2.1"]                                           | vips[0]: an IPv4-mapped address must be written as IPv4: 192.0.2.1 (was ::ffff:192.0.2.1)
            ["2001:db8::10/64"]                                            | vips: must have a link-local one in IPv6, which is advertised first (RFC 9568 section 5.2.9): the same on all hosts, such as "fe80::200:5eff:fe00:233/64" (was none)
            [{ address: "fe80::53", advertise: false }, "2001:db8::10/64"] | vips: must have a link-local one in IPv6, which is advertised first (RFC 9568 section 5.2.9): the same on all hosts, such as "fe80::200:5eff:fe00:233/64" (was none)
            [{ address: 192.0.2.10/24, advertise: false }]                 | vips: must have at least one VIP that is advertised: others take no notice of advertisements without one (was none)
            [192.0.2.10/24, "2001:db8::10/64"]                             | vips[1]: must be of the same family as the first VIP: a virtual router has one family, so make a second router, and put both into one of the groups when they belong together (was 2001:db8::10)
            [192.0.2.10/24, 192.0.2.10/32]                                 | vips[1]: duplicate VIP, first at line 1 (was 192.0.2.10)
            [{ interface: lo }]                                            | vips[0].address: is required (was absent)
            [{ address: 192.0.2.10/24, advertised: false }]                | vips[0].advertised: unknown key, did you mean 'advertise'? (was advertised)
            """)
    void shouldReportVips(String keys, String problem) {
        assertEquals(problem, config.problem("interface: eth0, vrid: 51, vips: " + keys));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                                    | : must be a list of at least one track, such as [{ interface: eth1 }] (was an empty list)
            [{}]                                                  | [0]: needs one of: interface, forwarder, file, tcp, http, exchange, udp, tls, exec, checks (was a mapping)
            [eth1]                                                | [0]: must be a mapping of keys to values (was eth1)
            [{ interface: eth1, file: drain }]                    | [0].file: cannot stand beside interface (was drain)
            [{ interface: eth1, weight: 0 }]                      | [0].weight: must not be 0, which would change nothing; without a weight it is a fault (was 0)
            [{ interface: eth1, weight: 254 }]                    | [0].weight: must be a whole number from -253 to 253 (was 254)
            [{ interface: eth1, port: 80 }]                       | [0].port: is for checks of the agent's own only (was 80)
            [{ interface: eth1, rise: 2 }] | [0].rise: is for forwarders and checks only (was 2)
            [{ file: drain, vip: 192.0.2.10 }] | [0].vip: is for forwarder only (was 192.0.2.10)
            [{ interface: eth1 }, { interface: eth1, weight: 5 }] | [1]: has the name of the track at line 1: give one of them another by name (was eth1)
            [{ interface: eth1, name: "a b" }]                    | [0].name: a name must be 1 to 128 of the characters A-Z a-z 0-9 . _ : [ ] / @ - (was a b)
            [{ forwarder: localhost }]                            | [0].forwarder: must be the address of a forwarder's admin API, such as "http://127.0.0.1:9080", "unix:/run/penstock/admin.sock" or "https://192.0.2.1:9443" (was localhost)
            [{ forwarder: "http://192.0.2.1:9080" }]              | [0].forwarder: another host's is asked over TLS: https://192.0.2.1:9080 (was http://192.0.2.1:9080)
            [{ forwarder: "127.0.0.1:9080", vip: 0.0.0.0 }]       | [0].vip: must be an address to connect to, not every address (was 0.0.0.0)
            [{ forwarder: "127.0.0.1:9080", http: {} }]           | [0].http: is for checks of the agent's own only (was a mapping)
            [{ forwarder: "127.0.0.1:9080", wieght: -60 }]        | [0].wieght: unknown key, did you mean 'weight'? (was wieght)
            [{ file: "a b" }]                                     | [0].file: a name must be 1 to 128 of the characters A-Z a-z 0-9 . _ : [ ] / @ - (was a b)
            [{ name: drain, weight: 5 }]                          | [0]: needs one of: interface, forwarder, file, tcp, http, exchange, udp, tls, exec, checks (was a mapping)
            [{ tcp: {} }]                                         | [0].port: is needed: a check over the network has no port of its own (was absent)
            [{ tcp: { port: 80 }, address: 192.0.2.10 }]          | [0].address: must be another than the VIP, which is not here before this router is active (was 192.0.2.10)
            [{ tcp: { port: 80 }, http: { port: 80 } }]           | [0].http: cannot stand beside tcp (was a mapping)
            [{ port: 80, vip: 192.0.2.10 }]                       | [0].vip: is for forwarder only (was 192.0.2.10)
            """)
    void shouldReportTracks(String keys, String problem) {
        assertEquals("track" + problem, config.leastProblem("track: " + keys));
    }

    @Test
    void shouldWantRouters() {
        assertEquals("routers: is required (was absent)", config.onlyProblem("watch: auto"));
    }

    @Test
    void shouldReportVridThatAnotherRouterHas() {
        assertEquals(
                "routers.b.vrid: is that of the router at line 2: a virtual router on eth0 has its own in each family"
                        + " (was 51)",
                config.onlyProblem("""
                        routers:
                          a: { interface: eth0, vrid: 51, vips: [192.0.2.10/24] }
                          b: { interface: eth0, vrid: 51, vips: [192.0.2.20/24] }
                          c: { interface: eth0, vrid: 51, vips: ["fe80::53/64"] }
                          d: { interface: eth1, vrid: 51, vips: [198.51.100.10/24] }
                        """));
    }

    @Test
    void shouldReportVipThatAnotherRouterHas() {
        assertEquals("routers.b.vips[0]: duplicate VIP, first at line 2 (was 192.0.2.10)", config.onlyProblem("""
                        routers:
                          a: { interface: eth0, vrid: 51, vips: [192.0.2.10/24] }
                          b: { interface: eth0, vrid: 52, vips: [192.0.2.10/32, 192.0.2.11/24] }
                        """));
    }

    @Test
    void shouldReportInterfaceOfVirtualMacThatAnotherRouterHas() {
        assertEquals(
                "routers.b.virtual-mac: is the interface of line 2 already: give it another name, such as"
                        + " { interface: vip0 } (was vrrp.51)",
                config.onlyProblem("""
                        routers:
                          a: { interface: eth0, vrid: 51, virtual-mac: true, vips: [192.0.2.10/24] }
                          b: { interface: eth1, vrid: 51, virtual-mac: true, vips: [198.51.100.10/24] }
                        """));
    }

    @Test
    void shouldReportRouterThatIsInSeveralGroups() {
        assertEquals(
                "groups.two[0]: is in a group already, at line 1: a router is in at most one, once (was web)",
                config.onlyProblem("""
                        groups: { one: [web, web6],
                                  two: [web, dns] }
                        routers:
                          web: { interface: eth0, vrid: 51, vips: [192.0.2.10/24] }
                          web6: { interface: eth0, vrid: 51, vips: ["fe80::53/64"] }
                          dns: { interface: eth0, vrid: 53, vips: [192.0.2.53/24] }
                        """));
    }

    @Test
    void shouldBoundWhatIsAdvertised() {
        assertEquals(
                "vips: must be at most 20 VIPs that are advertised; further ones need advertise: false, here and on the"
                        + " other hosts (was 21 VIPs)",
                config.problem("interface: eth0, vrid: 51, vips: [" + vips(21, "192.0.2.%d/24") + "]"));
        assertEquals(
                "vips: must be at most 256 VIPs (was 257 VIPs)",
                config.problem("interface: eth0, vrid: 51, vips: [192.0.2.1, "
                        + vips(250, "{ address: 198.51.100.%d, advertise: false }")
                        + ", " + vips(6, "{ address: 203.0.113.%d, advertise: false }") + "]"));
    }

    private static String vips(int count, String form) {
        return IntStream.rangeClosed(1, count).mapToObj(form::formatted).collect(Collectors.joining(", "));
    }

    @Test
    void shouldBoundPeers() {
        assertEquals(
                "unicast.peers: must be at most 32 peers (was a list)",
                config.leastProblem("unicast: { peers: [" + vips(33, "198.51.100.%d") + "] }"));
    }

    @Test
    void shouldReportAllProblemsWithTheirPlaces() {
        List<String> problems = config.lines("""
                routers:
                  web:
                    interface: eth0
                    vrid: 300
                    priorty: 150
                    advertisement-interval: 15ms
                    vips: [192.0.2.0/24]
                    track:
                      - { forwarder: "http://127.0.0.1:9080", weight: -600 }
                groups: { edge: [web, wep] }
                """);

        assertEquals(
                List.of(
                        "4:11: routers.web.vrid: must be a whole number from 1 to 255 (was 300)",
                        "5:5: routers.web.priorty: unknown key, did you mean 'priority'? (was priorty)",
                        "6:29: routers.web.advertisement-interval: must be a multiple of 10ms, in which VRRP counts"
                                + " (was 15ms)",
                        "7:12: routers.web.vips[0]: must be an address that one host of its network has, not the"
                                + " network's own (was 192.0.2.0/24)",
                        "9:55: routers.web.track[0].weight: must be a whole number from -253 to 253 (was -600)",
                        "10:23: groups.edge[1]: must be the name of a router, did you mean 'web'? (was wep)"),
                problems);
    }
}
