package io.penstock.forwarder.client.xdp;

import static io.penstock.forwarder.client.xdp.BackendLab.VIP;
import static io.penstock.forwarder.client.xdp.BackendLab.VIP6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.penstock.cli.Words;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** VIPs of several calls on one host: what each needs, in which order it has it, and what stays when another one goes. */
@Timeout(120)
class BackendVipsIT {
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

    @Test
    void shouldKeepWhatAnotherVipNeeds() throws Exception {
        lab.backend("ipip");
        lab.done(VIP6, "ipip", "eth0", "--remove");
        assertEquals(Set.of("VIP 2001:db8:9::10 of program decap", "address 2001:db8:9::10/128"), lab.missing("ipip"));
        assertEquals(0, lab.backend("ipip", "--remove").exitCode());
        assertTrue(Files.notExists(lab.pins));
    }

    @Test
    void shouldHoldTheSettingsOfEveryCallUntilTheLastVipIsGone() throws Exception {
        lab.host.addCable("eth1", "peer1");
        lab.host.ip("address add 10.0.1.11/24 dev eth1");
        lab.host.run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.eth0.rp_filter=1");
        String before = lab.state();
        lab.done(VIP, "l2", "eth0");
        lab.done(VIP6, "l2", "eth0");
        lab.done("192.0.2.11", "l2", "eth1");
        lab.done("192.0.2.12", "vxlan", "eth0", "--mss", "0");
        for (String setting :
                List.of("eth0.arp_ignore=1", "eth0.arp_announce=2", "eth0.rp_filter=2", "eth1.arp_ignore=1")) {
            String[] pair = setting.split("=", 2);
            assertEquals(pair[1], lab.setting("net.ipv4.conf." + pair[0]), setting);
        }
        // Another call sets right what somebody has spoiled: it would answer for all VIPs.
        lab.host.run("sysctl", "-qw", "net.ipv4.conf.eth0.arp_ignore=0");
        assertTrue(lab.done("192.0.2.11", "l2", "eth1").out().contains("set net.ipv4.conf.eth0.arp_ignore = 1"));

        lab.done(VIP, "l2", "eth0", "--remove");
        lab.done("192.0.2.12", "vxlan", "eth0", "--remove");
        lab.done(VIP6, "l2", "eth0", "--remove");
        assertEquals("1", lab.setting("net.ipv4.conf.eth0.arp_ignore"));
        assertEquals("2", lab.setting("net.ipv4.conf.eth0.rp_filter"));
        assertFalse(lab.hasAddress(VIP, "lo"));
        assertTrue(lab.hasAddress("192.0.2.11", "lo"));
        lab.done("192.0.2.11", "l2", "eth1", "--remove");
        // What somebody has set in between is what is put back.
        assertEquals(before, lab.state());
    }

    @Test
    void shouldHaveVipsOnlyWhileTheSettingsAreInForce() throws Exception {
        String before = lab.state();
        List<String> prepared = lab.done(VIP, "vxlan", "eth0").out().lines().toList();
        int set = prepared.indexOf("set net.ipv4.conf.eth0.arp_ignore = 1");
        assertTrue(set >= 0 && set < prepared.indexOf("put 192.0.2.10/32 on pstk-vx100"), prepared.toString());
        assertTrue(set < prepared.indexOf("put 192.0.2.10/32 on lo"), prepared.toString());
        List<String> removed =
                lab.done(VIP, "vxlan", "eth0", "--remove").out().lines().toList();
        int back = removed.indexOf("put kernel settings back to what they were");
        int fromDevice = removed.indexOf("removed 192.0.2.10/32 from pstk-vx100");
        int fromLo = removed.indexOf("removed 192.0.2.10/32 from lo");
        assertTrue(fromDevice >= 0 && fromDevice < back && fromLo >= 0 && fromLo < back, removed.toString());
        assertEquals(before, lab.state());
    }

    @Test
    void shouldKeepValuesThatItsOwnerHasSet() throws Exception {
        lab.host.run("sysctl", "-qw", "net.ipv4.conf.eth0.arp_ignore=2", "net.ipv4.conf.all.arp_announce=2");
        String before = lab.state();
        lab.backend("l2");
        assertEquals(Set.of(), lab.missing("l2"));
        assertEquals(
                "2",
                lab.host.run("sysctl", "-n", "net.ipv4.conf.eth0.arp_ignore").strip());
        lab.backend("l2", "--remove");
        assertEquals(before, lab.state());
    }

    @Test
    void shouldMindAVipThatTheNetworkIsToldOf() throws Exception {
        lab.host.ip("address add 192.0.2.10/24 dev eth0");
        assertTrue(lab.missing("l2").contains("address 192.0.2.10/32 on eth0"));
        assertEquals(1, lab.backend("l2").exitCode());
    }

    @Test
    void shouldLookForServers() throws Exception {
        String[] ports = {"--vip", "192.0.2.10:8080", "--vip", "192.0.2.10:5353/udp", "--vip", "192.0.2.10:5354/udp"};
        assertEquals(0, lab.backend("l2", ports).exitCode(), "prepared before they start");
        assertEquals(
                Set.of("tcp port 8080 of 192.0.2.10", "udp port 5353 of 192.0.2.10", "udp port 5354 of 192.0.2.10"),
                lab.missing("l2", ports));
        InetAddress vip = InetAddress.getByName(VIP);
        try (ServerSocket tcp = lab.host.call(() -> new ServerSocket(8080));
                DatagramChannel any = lab.host.call(() -> DatagramChannel.open().bind(new InetSocketAddress(5353)));
                DatagramChannel bound =
                        lab.host.call(() -> DatagramChannel.open().bind(new InetSocketAddress(vip, 5354)))) {
            assertEquals(Set.of(), lab.missing("l2", ports));
            JsonObject hint = lab.finding("udp port 5353 of 192.0.2.10", "l2", ports);
            assertEquals("hint", Words.text(hint, "state"));
            assertEquals("have the server bind 192.0.2.10", Words.text(hint, "mend"));
            assertEquals("ok", Words.text(lab.finding("udp port 5354 of 192.0.2.10", "l2", ports), "state"));
            assertTrue(tcp.isBound() && any.isOpen() && bound.isOpen());
        }
    }
}
