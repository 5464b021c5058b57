package io.penstock.forwarder.client.xdp;

import static io.penstock.forwarder.client.xdp.BackendLab.VIP;
import static io.penstock.forwarder.client.xdp.BackendLab.VIP6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.penstock.cli.Words;
import io.penstock.forwarder.bpf.AttachMode;
import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.bpf.NetworkInterfaces;
import io.penstock.forwarder.bpf.XdpLink;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends tunnels on a backend's host: a device that the kernel has, or a program on an interface and the sources that it allows. */
@Timeout(120)
class BackendTunnelIT {
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
    void shouldHaveTheTunnelOfTheForwardersFamily() throws Exception {
        assertEquals(
                0,
                lab.backend("vxlan", "--vni", "16777215", "--forwarder", "2001:db8::1")
                        .exitCode());
        JsonObject link =
                lab.host.ipJson("-d link show dev pstk-vx16777215").get(0).getAsJsonObject();
        assertEquals("02:70:65:6e:73:74", Words.text(link, "address"));
        JsonObject data = Words.object(Words.object(link, "linkinfo"), "info_data");
        assertEquals("2001:db8::11", Words.text(data, "local6"));
        assertTrue(Words.flag(data, "udp_zero_csum6_rx", false));
        assertTrue(lab.host.ip("route show default").contains("advmss 1390"));
        assertTrue(lab.host.ip("-6 route show default").contains("advmss 1370"));
        // Another family is another device.
        assertEquals(
                0,
                lab.backend("vxlan", "--vni", "16777215", "--forwarder", "10.0.0.1")
                        .exitCode());
        link = lab.host.ipJson("-d link show dev pstk-vx16777215").get(0).getAsJsonObject();
        data = Words.object(Words.object(link, "linkinfo"), "info_data");
        assertEquals("10.0.0.11", Words.text(data, "local"));
    }

    @Test
    void shouldPutNoVipWhenTheDeviceCannotBeMade() throws Exception {
        lab.host.ip("address delete 2001:db8::11/64 dev eth0");
        String before = lab.state();
        XdpRun run = lab.one(VIP, "vxlan", "eth0", "--forwarder", "2001:db8::1");
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("eth0 has no IPv6 address for the tunnel"), run.err());
        assertTrue(
                run.err()
                        .contains(
                                "addresses of VIPs are left as they are: interface pstk-vx100 could not be put right"),
                run.err());
        assertFalse(lab.hasAddress(VIP, "lo"));
        // What can be set is set.
        assertEquals("1", lab.setting("net.ipv4.conf.eth0.arp_ignore"));
        lab.done(VIP, "vxlan", "eth0", "--remove");
        assertEquals(before, lab.state());
    }

    @Test
    void shouldLeaveADeviceThatItHasNotMade() throws Exception {
        lab.host.run("sh", "-e", "-c", Words.text(lab.finding("interface pstk-vx100", "vxlan"), "mend"));
        lab.done(VIP, "vxlan", "eth0");
        lab.done(VIP, "vxlan", "eth0", "--remove");
        assertTrue(lab.host.ip("link show dev pstk-vx100").contains("pstk-vx100"));
        assertFalse(lab.hasAddress(VIP, "pstk-vx100"));
    }

    @Test
    void shouldKeepTheVipsOfADeviceThatIsMadeAnew() throws Exception {
        lab.host.run("sysctl", "-qw", "net.ipv4.conf.default.rp_filter=1");
        lab.done(VIP, "vxlan", "eth0");
        lab.host.ip("address add 10.77.0.1/24 dev pstk-vx100");
        XdpRun run = lab.done("192.0.2.11", "vxlan", "eth0", "--forwarder", "2001:db8::1");
        assertTrue(run.out().contains("made pstk-vx100"), run.out());
        for (String address : List.of(VIP, "192.0.2.11", "10.77.0.1")) {
            assertTrue(lab.hasAddress(address, "pstk-vx100"), address);
        }
        assertEquals("2", lab.setting("net.ipv4.conf.pstk-vx100.rp_filter"));
        // One that somebody deletes comes back with all of its VIPs.
        lab.host.ip("link delete pstk-vx100");
        lab.done("192.0.2.11", "vxlan", "eth0", "--forwarder", "2001:db8::1");
        assertTrue(lab.hasAddress(VIP, "pstk-vx100"));
        // What can be set is no reason for another one.
        lab.host.ip("link set pstk-vx100 down");
        assertFalse(lab.done(VIP, "vxlan", "eth0", "--forwarder", "2001:db8::1")
                .out()
                .contains("made pstk-vx100"));
    }

    @Test
    void shouldAllowTheSourcesOfEveryCall() throws Exception {
        lab.done(VIP, "ipip", "eth0", "--source", "10.0.0.0/30");
        lab.done(VIP6, "ipip", "eth0", "--source", "10.0.1.0/30");
        assertEquals("10.0.0.0/30,10.0.1.0/30", lab.sources());
        // One that says nothing opens nothing.
        lab.done("192.0.2.11", "ipip", "eth0");
        lab.done(VIP, "ipip", "eth0");
        assertEquals("10.0.0.0/30,10.0.1.0/30", lab.sources());
        // What it says again is in place of what it said.
        lab.done(VIP, "ipip", "eth0", "--source", "10.0.2.0/30");
        assertEquals("10.0.1.0/30,10.0.2.0/30", lab.sources());
        assertTrue(lab.done("192.0.2.11", "ipip", "eth0", "--source", "any")
                .out()
                .contains("allowed sources of tunnels: any"));
        assertEquals("any", lab.sources());
        lab.done("192.0.2.11", "ipip", "eth0", "--remove");
        lab.done(VIP6, "ipip", "eth0", "--remove");
        assertEquals("10.0.2.0/30", lab.sources());
        assertTrue(lab.one(VIP, "ipip", "eth0", "--source", "any", "--source", "10.0.0.1")
                .err()
                .contains("--source: any goes with no other"));
    }

    @Test
    void shouldRefuseAnInterfaceThatAnotherProgramHas() throws Exception {
        try (BpfObject other = BpfObject.open("decap.bpf.o")) {
            other.load();
            try (XdpLink link = lab.host.call(
                    () -> XdpLink.attach(other.program("decap"), NetworkInterfaces.index("eth0"), AttachMode.NATIVE))) {
                XdpRun run = lab.backend("ipip");
                assertEquals(1, run.exitCode());
                assertTrue(
                        run.err().contains("another XDP program is attached (program id " + link.programId()),
                        run.err());
                // What has nothing to do with it is done.
                assertEquals(Set.of("program decap on eth0"), lab.missing("ipip"));
            }
        }
    }
}
