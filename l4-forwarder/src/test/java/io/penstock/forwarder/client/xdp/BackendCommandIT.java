package io.penstock.forwarder.client.xdp;

import static io.penstock.forwarder.client.xdp.BackendLab.VIP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.penstock.cli.Words;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command finds on a backend's host, what it changes there, and that it undoes it. */
@Timeout(120)
class BackendCommandIT {
    private BackendLab lab;

    @BeforeEach
    void make() throws Exception {
        lab = BackendLab.make();
    }

    @AfterEach
    void remove() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "l2, ''",
        "ipip, 'IPv4 route default;IPv6 route default;program decap on eth0'",
        "vxlan, 'IPv4 route default;IPv6 route default;interface pstk-vx100;net.ipv4.conf.pstk-vx100.rp_filter'"
    })
    void shouldSayWhatIsMissingAndChangeNothing(String encapsulation, String more) throws Exception {
        String before = lab.state();
        Set<String> expected = new TreeSet<>(Set.of(
                "address 192.0.2.10/32",
                "address 2001:db8:9::10/128",
                "net.ipv4.conf.eth0.arp_ignore",
                "net.ipv4.conf.eth0.arp_announce"));
        if (!more.isEmpty()) {
            expected.addAll(List.of(more.split(";", -1)));
        }
        assertEquals(expected, lab.missing(encapsulation));
        assertEquals(before, lab.state());
        assertTrue(Files.notExists(lab.pins));
    }

    @ParameterizedTest
    @ValueSource(strings = {"l2", "ipip", "vxlan"})
    void shouldPrepareOnceAndUndoAllOfIt(String encapsulation) throws Exception {
        String before = lab.state();
        XdpRun first = lab.backend(encapsulation);
        assertEquals("", first.err());
        assertEquals(0, first.exitCode(), first.out());
        assertEquals(Set.of(), lab.missing(encapsulation));
        String prepared = lab.state();

        XdpRun second = lab.backend(encapsulation);
        assertTrue(second.out().startsWith("nothing to do"), second.out());
        assertEquals(prepared, lab.state());

        XdpRun removed = lab.backend(encapsulation, "--remove");
        assertEquals(0, removed.exitCode(), removed.err());
        assertEquals(before, lab.state());
        assertTrue(Files.notExists(lab.pins));
        assertTrue(
                lab.backend(encapsulation, "--remove").out().contains("nothing to undo") || encapsulation.equals("l2"));
    }

    @Test
    void shouldNameEachThingThatWasBrokenAndMendIt() throws Exception {
        lab.backend("ipip", "--source", "10.0.0.0/24");
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
                "program decap on eth0", "rm " + lab.pins.resolve("link-eth0"));
        for (Map.Entry<String, String> one : breaks.entrySet()) {
            lab.host.run("sh", "-e", "-c", one.getValue());
            assertEquals(Set.of(one.getKey()), lab.missing("ipip", "--source", "10.0.0.0/24"), one.getValue());
            XdpRun mended = lab.backend("ipip", "--source", "10.0.0.0/24");
            assertEquals(0, mended.exitCode(), one.getKey() + ": " + mended.out() + mended.err());
            assertFalse(mended.out().startsWith("nothing to do"), one.getKey());
        }
        assertEquals(Set.of("sources of program decap"), lab.missing("ipip", "--source", "10.0.1.0/24"));
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
            JsonObject finding = lab.finding(what, "vxlan");
            // Nothing here has a reverse path filter yet, and then there is nothing to mend.
            if (!Words.text(finding, "state").equals("ok")) {
                lab.host.run("sh", "-e", "-c", Words.text(finding, "mend"));
                assertEquals("ok", Words.text(lab.finding(what, "vxlan"), "state"), what);
            }
        }
        assertEquals(Set.of("address 2001:db8:9::10/128"), lab.missing("vxlan"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"l2", "ipip", "vxlan"})
    void shouldUndoOnlyWhatItHasDone(String encapsulation) throws Exception {
        lab.host.ip("address add 192.0.2.10/32 dev lo");
        lab.host.ip("address add 10.9.9.9/32 dev lo");
        lab.host.ip("route replace default via 10.0.0.1 dev eth0 proto static metric 50 advmss 1460");
        lab.host.ip("-6 route replace default via 2001:db8::1 dev eth0 metric 60 advmss 1300");
        String before = lab.state();
        // It has done nothing yet.
        assertTrue(lab.backend(encapsulation, "--remove").out().startsWith("there was nothing to undo"));
        assertEquals(before, lab.state());
        assertEquals(0, lab.backend(encapsulation).exitCode());
        assertEquals(0, lab.backend(encapsulation).exitCode());
        assertEquals(0, lab.backend(encapsulation, "--remove").exitCode());
        assertEquals(before, lab.state());
    }

    @Test
    void shouldSayWhichInterfacesThereAre() throws Exception {
        XdpRun run = XdpRun.in(lab.host, "backend", "--vip", VIP, "--encapsulation", "l2", "--interface", "eth9");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().startsWith("l4-forwarder: no interface eth9; there are: lo"), run.err());
    }
}
