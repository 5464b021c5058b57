package io.penstock.forwarder.xdp.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Sysctls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On files that look like /proc/sys. */
class KernelSettingsTest {
    private static final BackendPlan ETH0 = Plans.of("192.0.2.10", Encapsulation.L2, "eth0");
    private static final BackendPlan ETH1 = Plans.of("192.0.2.11", Encapsulation.VXLAN, "eth1");
    private static final BackendPlan IPV6 = Plans.of("2001:db8::10", Encapsulation.IPIP, "eth0");

    @TempDir
    private Path directory;

    private Sysctls sysctls;
    private Surroundings host;
    private HostRecord record;

    @BeforeEach
    void boot() throws IOException {
        sysctls = new Sysctls(directory.resolve("sys"));
        write("kernel/random/boot_id", "boot-1");
        for (String device : List.of("all", "eth0", "eth1", "pstk-vx100")) {
            write("net/ipv4/conf/" + device + "/arp_ignore", "0");
            write("net/ipv4/conf/" + device + "/arp_announce", "0");
            write("net/ipv4/conf/" + device + "/rp_filter", device.equals("all") ? "0" : "1");
        }
        host = new Surroundings(
                Plans.LINKS,
                List.of(new InterfaceAddress(
                        1, IpAddress.parse("192.0.2.99").orElseThrow(), 32, 0, 0, 0, InterfaceAddress.FOREVER)));
        record = HostRecord.read(new HostFile(directory.resolve("host.json"), "boot-1"), host);
    }

    private void write(String key, String value) throws IOException {
        Path file = directory.resolve("sys").resolve(key);
        Files.createDirectories(file.getParent());
        Files.writeString(file, value + "\n");
    }

    private List<String> prepare(BackendPlan plan) throws IOException {
        record.claim(plan);
        return new KernelSettings(plan, sysctls, directory.resolve("state")).prepare(host, record);
    }

    private List<String> remove(BackendPlan plan) throws IOException {
        record.release(plan);
        return new KernelSettings(plan, sysctls, directory.resolve("state")).remove(host, record);
    }

    private List<String> values(String device) throws IOException {
        List<String> values = new ArrayList<>();
        for (String name : List.of("arp_ignore", "arp_announce", "rp_filter")) {
            values.add(sysctls.read("net.ipv4.conf." + device + "." + name));
        }
        return values;
    }

    @Test
    void shouldHoldWhatAnyCallNeedsUntilTheLastOneIsUndone() throws IOException {
        prepare(ETH0);
        assertEquals(List.of("1", "2", "2"), values("eth0"));
        prepare(IPV6);
        prepare(ETH1);
        assertEquals(List.of("1", "2", "2"), values("eth0"));
        assertEquals(List.of("1", "2", "1"), values("eth1"));
        assertEquals(List.of("0", "0", "2"), values("pstk-vx100"));
        assertEquals(List.of(), remove(ETH0));
        assertEquals(List.of(), remove(ETH1));
        assertEquals(List.of("1", "2", "2"), values("eth0"));
        assertEquals(List.of("put kernel settings back to what they were"), remove(IPV6));
        assertEquals(List.of("0", "0", "1"), values("eth0"));
        assertEquals(List.of("0", "0", "1"), values("eth1"));
    }

    @Test
    void shouldSetAgainWhatAnEarlierCallNeeds() throws IOException {
        prepare(ETH0);
        sysctls.write("net.ipv4.conf.eth0.arp_ignore", "0");
        assertEquals(List.of("set net.ipv4.conf.eth0.arp_ignore = 1"), prepare(IPV6));
        assertEquals(List.of("1", "2", "2"), values("eth0"));
    }

    @Test
    void shouldSetTheOthersAndFailWhenOneIsNotThere() throws IOException {
        Files.delete(directory.resolve("sys/net/ipv4/conf/pstk-vx100/rp_filter"));
        IOException refused = assertThrows(IOException.class, () -> prepare(ETH1));
        assertTrue(refused.getMessage().startsWith("net.ipv4.conf.pstk-vx100.rp_filter: "), refused.getMessage());
        assertEquals(List.of("1", "2", "1"), values("eth1"));
        // An interface of another call that has gone is none that a VIP is told of on.
        prepare(ETH0);
        assertEquals(List.of("1", "2", "2"), values("eth0"));
    }

    @Test
    void shouldNotBeUndoneWhileAVipIsLeft() throws IOException {
        prepare(ETH0);
        record.placed(new HostRecord.Placed("lo", IpAddress.parse("192.0.2.10").orElseThrow()));
        assertEquals(List.of(), remove(ETH0));
        assertEquals(List.of("1", "2", "2"), values("eth0"));
    }
}
