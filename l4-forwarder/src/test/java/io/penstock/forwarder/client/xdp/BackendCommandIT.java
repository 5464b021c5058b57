package io.penstock.forwarder.client.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.penstock.cli.Words;
import io.penstock.forwarder.bpf.AttachMode;
import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.bpf.BpfPins;
import io.penstock.forwarder.bpf.BpfRig;
import io.penstock.forwarder.bpf.NetworkInterfaces;
import io.penstock.forwarder.bpf.XdpLink;
import io.penstock.forwarder.xdp.backend.BackendHost;
import io.penstock.testing.NetworkNamespace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend's host is a network namespace: what the command finds there, what it changes, and that it undoes it. */
@Timeout(120)
class BackendCommandIT {
    private static final String VIP = "192.0.2.10";
    private static final String VIP6 = "2001:db8:9::10";

    private final String name = "test-k-" + ProcessHandle.current().pid();
    private final Path pins = BackendHost.PINS.resolve(name);
    private NetworkNamespace host;

    @BeforeEach
    void makeHost() throws Exception {
        BpfRig.assumeLoadable();
        host = NetworkNamespace.create();
        XdpRun.forget(host);
        host.addCable("eth0", "peer0");
        host.ip("address add 10.0.0.11/24 dev eth0");
        host.ip("address add 2001:db8::11/64 dev eth0 nodad");
        host.ip("route add default via 10.0.0.1 dev eth0 proto static metric 50");
        host.ip("-6 route add default via 2001:db8::1 dev eth0 metric 60");
    }

    @AfterEach
    void removeHost() throws Exception {
        if (host != null) {
            XdpRun.forget(host);
            host.close();
            BpfPins.remove(pins);
        }
    }

    /** A call for one VIP. */
    private XdpRun one(String vip, String encapsulation, String interfaceName, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "backend",
                "--vip",
                vip,
                "--encapsulation",
                encapsulation,
                "--interface",
                interfaceName,
                "--name",
                name));
        words.addAll(List.of(more));
        return XdpRun.in(host, words.toArray(String[]::new));
    }

    private XdpRun done(String vip, String encapsulation, String interfaceName, String... more) throws Exception {
        XdpRun run = one(vip, encapsulation, interfaceName, more);
        assertEquals("", run.err());
        assertEquals(0, run.exitCode(), run.out());
        return run;
    }

    private String setting(String key) throws Exception {
        return host.run("sysctl", "-n", key).strip();
    }

    private boolean hasAddress(String address, String device) throws Exception {
        return host.ip("-o address show dev " + device).contains(" " + address + "/");
    }

    private XdpRun backend(String encapsulation, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "backend",
                "--vip",
                VIP,
                "--vip",
                VIP6,
                "--encapsulation",
                encapsulation,
                "--interface",
                "eth0",
                "--name",
                name));
        words.addAll(List.of(more));
        return XdpRun.in(host, words.toArray(String[]::new));
    }

    /** What is missing, by the command's own words. */
    private Set<String> missing(String encapsulation, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(more));
        words.addAll(List.of("--check", "--json"));
        XdpRun run = backend(encapsulation, words.toArray(String[]::new));
        Set<String> missing = Words.objects(run.json().getAsJsonObject(), "findings").stream()
                .filter(finding -> Words.text(finding, "state").equals("missing"))
                .map(finding -> Words.text(finding, "what"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(missing.isEmpty() ? 0 : 1, run.exitCode(), run.out());
        return missing;
    }

    private JsonObject finding(String what, String encapsulation, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(more));
        words.addAll(List.of("--check", "--json"));
        XdpRun run = backend(encapsulation, words.toArray(String[]::new));
        return Words.objects(run.json().getAsJsonObject(), "findings").stream()
                .filter(finding -> Words.text(finding, "what").equals(what))
                .findFirst()
                .orElseThrow(() -> new AssertionError(what + " in " + run.out()));
    }

    /** All that the command may change. */
    private String state() throws Exception {
        return host.run(
                "sh",
                "-c",
                // Link-local addresses come when they come.
                "ip -o address show scope global; ip -o link show | cut -d : -f 2; ip -4 route; ip -6 route | grep -v fe80;"
                        + " grep . /proc/sys/net/ipv4/conf/*/arp_ignore /proc/sys/net/ipv4/conf/*/arp_announce"
                        + " /proc/sys/net/ipv4/conf/*/rp_filter; ip link show dev eth0 | grep -c xdp || true");
    }

    @ParameterizedTest
    @CsvSource({
        "l2, ''",
        "ipip, 'IPv4 route default;IPv6 route default;program decap on eth0'",
        "vxlan, 'IPv4 route default;IPv6 route default;interface pstk-vx100;net.ipv4.conf.pstk-vx100.rp_filter'"
    })
    void shouldSayWhatIsMissingAndChangeNothing(String encapsulation, String more) throws Exception {
        String before = state();
        Set<String> expected = new TreeSet<>(Set.of(
                "address 192.0.2.10/32",
                "address 2001:db8:9::10/128",
                "net.ipv4.conf.eth0.arp_ignore",
                "net.ipv4.conf.eth0.arp_announce"));
        if (!more.isEmpty()) {
            expected.addAll(List.of(more.split(";", -1)));
        }
        assertEquals(expected, missing(encapsulation));
        assertEquals(before, state());
        assertTrue(Files.notExists(pins));
    }

    @ParameterizedTest
    @ValueSource(strings = {"l2", "ipip", "vxlan"})
    void shouldPrepareOnceAndUndoAllOfIt(String encapsulation) throws Exception {
        String before = state();
        XdpRun first = backend(encapsulation);
        assertEquals("", first.err());
        assertEquals(0, first.exitCode(), first.out());
        assertEquals(Set.of(), missing(encapsulation));
        String prepared = state();

        XdpRun second = backend(encapsulation);
        assertTrue(second.out().startsWith("nothing to do"), second.out());
        assertEquals(prepared, state());

        XdpRun removed = backend(encapsulation, "--remove");
        assertEquals(0, removed.exitCode(), removed.err());
        assertEquals(before, state());
        assertTrue(Files.notExists(pins));
        assertTrue(backend(encapsulation, "--remove").out().contains("nothing to undo") || encapsulation.equals("l2"));
    }

    @Test
    void shouldNameEachThingThatWasBrokenAndMendIt() throws Exception {
        backend("ipip", "--source", "10.0.0.0/24");
        Map<String, String> breaks = Map.of(
                "address 192.0.2.10/32", "ip address delete 192.0.2.10/32 dev lo",
                "address 2001:db8:9::10/128", "ip address delete 2001:db8:9::10/128 dev lo",
                "net.ipv4.conf.eth0.arp_ignore", "sysctl -qw net.ipv4.conf.eth0.arp_ignore=0",
                "net.ipv4.conf.eth0.arp_announce", "sysctl -qw net.ipv4.conf.eth0.arp_announce=1",
                "net.ipv4.conf.eth0.rp_filter",
                        "sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.eth0.rp_filter=1",
                "IPv4 route default",
                        "ip route replace default via 10.0.0.1 dev eth0 proto static metric 50 advmss 1441",
                "IPv6 route default", "ip -6 route replace default via 2001:db8::1 dev eth0 metric 60",
                "program decap on eth0", "rm " + pins.resolve("link-eth0"));
        for (Map.Entry<String, String> one : breaks.entrySet()) {
            host.run("sh", "-e", "-c", one.getValue());
            assertEquals(Set.of(one.getKey()), missing("ipip", "--source", "10.0.0.0/24"), one.getValue());
            XdpRun mended = backend("ipip", "--source", "10.0.0.0/24");
            assertEquals(0, mended.exitCode(), one.getKey() + ": " + mended.out() + mended.err());
            assertFalse(mended.out().startsWith("nothing to do"), one.getKey());
        }
        assertEquals(Set.of("sources of program decap"), missing("ipip", "--source", "10.0.1.0/24"));
    }

    @Test
    void shouldDoWhatItSaysMendsIt() throws Exception {
        for (String what : List.of(
                "address 192.0.2.10/32",
                "net.ipv4.conf.eth0.arp_ignore",
                "net.ipv4.conf.eth0.arp_announce",
                "interface pstk-vx100",
                "net.ipv4.conf.pstk-vx100.rp_filter",
                "address 192.0.2.10/32 of pstk-vx100",
                "IPv4 route default",
                "IPv6 route default")) {
            JsonObject finding = finding(what, "vxlan");
            // Nothing here has a reverse path filter yet, and then there is nothing to mend.
            if (!Words.text(finding, "state").equals("ok")) {
                host.run("sh", "-e", "-c", Words.text(finding, "mend"));
                assertEquals("ok", Words.text(finding(what, "vxlan"), "state"), what);
            }
        }
        assertEquals(Set.of("address 2001:db8:9::10/128"), missing("vxlan"));
    }

    @Test
    void shouldHaveTheTunnelOfTheForwardersFamily() throws Exception {
        assertEquals(
                0,
                backend("vxlan", "--vni", "16777215", "--forwarder", "2001:db8::1")
                        .exitCode());
        JsonObject link = host.ipJson("-d link show dev pstk-vx16777215").get(0).getAsJsonObject();
        assertEquals("02:70:65:6e:73:74", Words.text(link, "address"));
        JsonObject data = Words.object(Words.object(link, "linkinfo"), "info_data");
        assertEquals("2001:db8::11", Words.text(data, "local6"));
        assertTrue(Words.flag(data, "udp_zero_csum6_rx", false));
        assertTrue(host.ip("route show default").contains("advmss 1390"));
        assertTrue(host.ip("-6 route show default").contains("advmss 1370"));
        // Another family is another device.
        assertEquals(
                0,
                backend("vxlan", "--vni", "16777215", "--forwarder", "10.0.0.1").exitCode());
        link = host.ipJson("-d link show dev pstk-vx16777215").get(0).getAsJsonObject();
        data = Words.object(Words.object(link, "linkinfo"), "info_data");
        assertEquals("10.0.0.11", Words.text(data, "local"));
    }

    @Test
    void shouldKeepWhatAnotherVipNeeds() throws Exception {
        backend("ipip");
        XdpRun.in(
                host,
                "backend",
                "--vip",
                VIP6,
                "--encapsulation",
                "ipip",
                "--interface",
                "eth0",
                "--name",
                name,
                "--remove");
        assertEquals(Set.of("VIP 2001:db8:9::10 of program decap", "address 2001:db8:9::10/128"), missing("ipip"));
        assertEquals(0, backend("ipip", "--remove").exitCode());
        assertTrue(Files.notExists(pins));
    }

    @Test
    void shouldHoldTheSettingsOfEveryCallUntilTheLastVipIsGone() throws Exception {
        host.addCable("eth1", "peer1");
        host.ip("address add 10.0.1.11/24 dev eth1");
        host.run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.eth0.rp_filter=1");
        String before = state();
        done(VIP, "l2", "eth0");
        done(VIP6, "l2", "eth0");
        done("192.0.2.11", "l2", "eth1");
        done("192.0.2.12", "vxlan", "eth0", "--mss", "0");
        for (String setting :
                List.of("eth0.arp_ignore=1", "eth0.arp_announce=2", "eth0.rp_filter=2", "eth1.arp_ignore=1")) {
            String[] pair = setting.split("=", 2);
            assertEquals(pair[1], setting("net.ipv4.conf." + pair[0]), setting);
        }
        // Another call sets right what somebody has spoiled: it would answer for all VIPs.
        host.run("sysctl", "-qw", "net.ipv4.conf.eth0.arp_ignore=0");
        assertTrue(done("192.0.2.11", "l2", "eth1").out().contains("set net.ipv4.conf.eth0.arp_ignore = 1"));

        done(VIP, "l2", "eth0", "--remove");
        done("192.0.2.12", "vxlan", "eth0", "--remove");
        done(VIP6, "l2", "eth0", "--remove");
        assertEquals("1", setting("net.ipv4.conf.eth0.arp_ignore"));
        assertEquals("2", setting("net.ipv4.conf.eth0.rp_filter"));
        assertFalse(hasAddress(VIP, "lo"));
        assertTrue(hasAddress("192.0.2.11", "lo"));
        done("192.0.2.11", "l2", "eth1", "--remove");
        // What somebody has set in between is what is put back.
        assertEquals(before, state());
    }

    @Test
    void shouldHaveVipsOnlyWhileTheSettingsAreInForce() throws Exception {
        String before = state();
        List<String> prepared = done(VIP, "vxlan", "eth0").out().lines().toList();
        int set = prepared.indexOf("set net.ipv4.conf.eth0.arp_ignore = 1");
        assertTrue(set >= 0 && set < prepared.indexOf("put 192.0.2.10/32 on pstk-vx100"), prepared.toString());
        assertTrue(set < prepared.indexOf("put 192.0.2.10/32 on lo"), prepared.toString());
        List<String> removed =
                done(VIP, "vxlan", "eth0", "--remove").out().lines().toList();
        int back = removed.indexOf("put kernel settings back to what they were");
        int fromDevice = removed.indexOf("removed 192.0.2.10/32 from pstk-vx100");
        int fromLo = removed.indexOf("removed 192.0.2.10/32 from lo");
        assertTrue(fromDevice >= 0 && fromDevice < back && fromLo >= 0 && fromLo < back, removed.toString());
        assertEquals(before, state());
    }

    @Test
    void shouldPutNoVipWhenTheDeviceCannotBeMade() throws Exception {
        host.ip("address delete 2001:db8::11/64 dev eth0");
        String before = state();
        XdpRun run = one(VIP, "vxlan", "eth0", "--forwarder", "2001:db8::1");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("eth0 has no IPv6 address for the tunnel"), run.err());
        assertTrue(
                run.err()
                        .contains(
                                "addresses of VIPs are left as they are: interface pstk-vx100 could not be put right"),
                run.err());
        assertFalse(hasAddress(VIP, "lo"));
        // What can be set is set.
        assertEquals("1", setting("net.ipv4.conf.eth0.arp_ignore"));
        done(VIP, "vxlan", "eth0", "--remove");
        assertEquals(before, state());
    }

    @ParameterizedTest
    @ValueSource(strings = {"l2", "ipip", "vxlan"})
    void shouldUndoOnlyWhatItHasDone(String encapsulation) throws Exception {
        host.ip("address add 192.0.2.10/32 dev lo");
        host.ip("address add 10.9.9.9/32 dev lo");
        host.ip("route replace default via 10.0.0.1 dev eth0 proto static metric 50 advmss 1460");
        host.ip("-6 route replace default via 2001:db8::1 dev eth0 metric 60 advmss 1300");
        String before = state();
        // It has done nothing yet.
        assertTrue(backend(encapsulation, "--remove").out().startsWith("there was nothing to undo"));
        assertEquals(before, state());
        assertEquals(0, backend(encapsulation).exitCode());
        assertEquals(0, backend(encapsulation).exitCode());
        assertEquals(0, backend(encapsulation, "--remove").exitCode());
        assertEquals(before, state());
    }

    @Test
    void shouldLeaveADeviceThatItHasNotMade() throws Exception {
        host.run("sh", "-e", "-c", Words.text(finding("interface pstk-vx100", "vxlan"), "mend"));
        done(VIP, "vxlan", "eth0");
        done(VIP, "vxlan", "eth0", "--remove");
        assertTrue(host.ip("link show dev pstk-vx100").contains("pstk-vx100"));
        assertFalse(hasAddress(VIP, "pstk-vx100"));
    }

    @Test
    void shouldKeepTheVipsOfADeviceThatIsMadeAnew() throws Exception {
        host.run("sysctl", "-qw", "net.ipv4.conf.default.rp_filter=1");
        done(VIP, "vxlan", "eth0");
        host.ip("address add 10.77.0.1/24 dev pstk-vx100");
        XdpRun run = done("192.0.2.11", "vxlan", "eth0", "--forwarder", "2001:db8::1");
        assertTrue(run.out().contains("made pstk-vx100"), run.out());
        for (String address : List.of(VIP, "192.0.2.11", "10.77.0.1")) {
            assertTrue(hasAddress(address, "pstk-vx100"), address);
        }
        assertEquals("2", setting("net.ipv4.conf.pstk-vx100.rp_filter"));
        // One that somebody deletes comes back with all of its VIPs.
        host.ip("link delete pstk-vx100");
        done("192.0.2.11", "vxlan", "eth0", "--forwarder", "2001:db8::1");
        assertTrue(hasAddress(VIP, "pstk-vx100"));
        // What can be set is no reason for another one.
        host.ip("link set pstk-vx100 down");
        assertFalse(
                done(VIP, "vxlan", "eth0", "--forwarder", "2001:db8::1").out().contains("made pstk-vx100"));
    }

    private String sources() throws Exception {
        return Words.text(finding("sources of program decap", "ipip"), "has");
    }

    @Test
    void shouldAllowTheSourcesOfEveryCall() throws Exception {
        done(VIP, "ipip", "eth0", "--source", "10.0.0.0/30");
        done(VIP6, "ipip", "eth0", "--source", "10.0.1.0/30");
        assertEquals("10.0.0.0/30,10.0.1.0/30", sources());
        // One that says nothing opens nothing.
        done("192.0.2.11", "ipip", "eth0");
        done(VIP, "ipip", "eth0");
        assertEquals("10.0.0.0/30,10.0.1.0/30", sources());
        // What it says again is in place of what it said.
        done(VIP, "ipip", "eth0", "--source", "10.0.2.0/30");
        assertEquals("10.0.1.0/30,10.0.2.0/30", sources());
        assertTrue(done("192.0.2.11", "ipip", "eth0", "--source", "any")
                .out()
                .contains("allowed sources of tunnels: any"));
        assertEquals("any", sources());
        done("192.0.2.11", "ipip", "eth0", "--remove");
        done(VIP6, "ipip", "eth0", "--remove");
        assertEquals("10.0.2.0/30", sources());
        assertTrue(one(VIP, "ipip", "eth0", "--source", "any", "--source", "10.0.0.1")
                .err()
                .contains("--source: any goes with no other"));
    }

    @Test
    void shouldKeepValuesThatItsOwnerHasSet() throws Exception {
        host.run("sysctl", "-qw", "net.ipv4.conf.eth0.arp_ignore=2", "net.ipv4.conf.all.arp_announce=2");
        String before = state();
        backend("l2");
        assertEquals(Set.of(), missing("l2"));
        assertEquals(
                "2", host.run("sysctl", "-n", "net.ipv4.conf.eth0.arp_ignore").strip());
        backend("l2", "--remove");
        assertEquals(before, state());
    }

    @Test
    void shouldMindAVipThatTheNetworkIsToldOf() throws Exception {
        host.ip("address add 192.0.2.10/24 dev eth0");
        assertTrue(missing("l2").contains("address 192.0.2.10/32 on eth0"));
        assertEquals(1, backend("l2").exitCode());
    }

    @Test
    void shouldLookForServers() throws Exception {
        String[] ports = {"--vip", "192.0.2.10:8080", "--vip", "192.0.2.10:5353/udp", "--vip", "192.0.2.10:5354/udp"};
        backend("l2");
        assertEquals(
                Set.of("tcp port 8080 of 192.0.2.10", "udp port 5353 of 192.0.2.10", "udp port 5354 of 192.0.2.10"),
                missing("l2", ports));
        InetAddress vip = InetAddress.getByName(VIP);
        try (ServerSocket tcp = host.call(() -> new ServerSocket(8080));
                DatagramChannel any = host.call(() -> DatagramChannel.open().bind(new InetSocketAddress(5353)));
                DatagramChannel bound =
                        host.call(() -> DatagramChannel.open().bind(new InetSocketAddress(vip, 5354)))) {
            assertEquals(Set.of(), missing("l2", ports));
            JsonObject hint = finding("udp port 5353 of 192.0.2.10", "l2", ports);
            assertEquals("hint", Words.text(hint, "state"));
            assertEquals("have the server bind 192.0.2.10", Words.text(hint, "mend"));
            assertEquals("ok", Words.text(finding("udp port 5354 of 192.0.2.10", "l2", ports), "state"));
            assertTrue(tcp.isBound() && any.isOpen() && bound.isOpen());
        }
    }

    @Test
    void shouldRefuseAnInterfaceThatAnotherProgramHas() throws Exception {
        try (BpfObject other = BpfObject.open("decap.bpf.o")) {
            other.load();
            try (XdpLink link = host.call(
                    () -> XdpLink.attach(other.program("decap"), NetworkInterfaces.index("eth0"), AttachMode.NATIVE))) {
                XdpRun run = backend("ipip");
                assertEquals(1, run.exitCode());
                assertTrue(
                        run.err().contains("another XDP program is attached (program id " + link.programId()),
                        run.err());
                // What has nothing to do with it is done.
                assertEquals(Set.of("program decap on eth0"), missing("ipip"));
            }
        }
    }

    @Test
    void shouldSayWhichInterfacesThereAre() throws Exception {
        XdpRun run = XdpRun.in(host, "backend", "--vip", VIP, "--encapsulation", "l2", "--interface", "eth9");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().startsWith("l4-forwarder: no interface eth9; there are: lo"), run.err());
    }

    @Test
    void shouldSayAllThatIsWrongWithItsWords() {
        XdpRun run = XdpRun.of(
                "backend",
                "--vip",
                "224.0.0.1",
                "--vip",
                "192.0.2.10:0",
                "--encapsulation",
                "l2",
                "--interface",
                "eth0",
                "--vni",
                "-1",
                "--mss",
                "99",
                "--source",
                "10.0.0.1/24",
                "--forwarder",
                "10.0.0.1",
                "--forwarder",
                "::1");
        assertEquals(2, run.exitCode());
        for (String part : List.of(
                "--vip: must be an address, maybe with a port (was 224.0.0.1)",
                "--vip: must be an address, maybe with a port (was 192.0.2.10:0)",
                "--source: must be any, an address or a network (was 10.0.0.1/24)",
                "--forwarder: addresses must be of one family",
                "--vni: must be 0 to 16777215 (was -1)",
                "--mss: must be 0, or 536 to 65495 (was 99)",
                "--vni: is for --encapsulation vxlan only",
                "--source: is for --encapsulation ipip only",
                "--forwarder: is for --encapsulation ipip and vxlan only")) {
            assertTrue(run.err().contains(part), () -> part + " in " + run.err());
        }
    }
}
