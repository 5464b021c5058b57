package io.penstock.vrrp.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import io.penstock.linux.BootClock;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import io.penstock.testing.NetworkNamespace;
import io.penstock.vrrp.config.VrrpConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In a kernel that has the interface of the configuration, so that what went wrong would be seen there. */
@Timeout(60)
class RehearsalTest {
    private static final String ROUTERS = """
            routers:
              web: { interface: eth0, vrid: 51, advertisement-interval: 10ms, vips: [ "192.0.2.10/24" ], track: [ { interface: eth7 } ] }
              web6: { interface: eth0, vrid: 51, vips: [ "fe80::10", "2001:db8::10" ] }
              mac: { interface: eth0, vrid: 52, vips: [ "192.0.2.11/24" ], virtual-mac: true }
              peers: { interface: eth0, vrid: 53, vips: [ "192.0.2.12/24" ], unicast: { peers: [ 192.0.2.2 ] } }
              named: { interface: eth0, vrid: 54, vips: [ "192.0.2.13/24" ], source: 192.0.2.1 }
            groups: { all: [ web, web6 ] }
            """;

    @TempDir
    Path directory;

    private final Syscalls syscalls = new LinuxSyscalls();
    private NetworkNamespace host;

    @BeforeEach
    void plugIn() throws Exception {
        host = NetworkNamespace.create();
        host.run("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
        host.addCable("eth0", "other");
        host.ip("addr add 192.0.2.1/24 dev eth0");
    }

    @AfterEach
    void unplug() {
        host.close();
    }

    private boolean rehearse(String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve("vrrp-agent.yaml"), yaml);
        return host.call(() -> Rehearsal.of(VrrpConfigReader.read(file), syscalls, new BootClock(syscalls).nowNs()));
    }

    private String sent() throws Exception {
        StringBuilder packets = new StringBuilder();
        JsonArray links = host.ipJson("-s link show");
        links.forEach(
                link -> packets.append(link.getAsJsonObject().get("ifname").getAsString())
                        .append(' ')
                        .append(link.getAsJsonObject()
                                .getAsJsonObject("stats64")
                                .getAsJsonObject("tx")
                                .get("packets"))
                        .append('\n'));
        return packets.toString();
    }

    @Test
    void shouldHaveAllRoutersActiveThoughNothingLeavesAndNothingChanges() throws Exception {
        String before = sent();
        String addresses = host.ip("-o addr show").replaceAll("[0-9]+sec", "");
        assertTrue(rehearse(ROUTERS));
        assertEquals(before, sent());
        assertEquals(addresses, host.ip("-o addr show").replaceAll("[0-9]+sec", ""));
    }

    @Test
    void shouldNeedNoInterface() throws Exception {
        assertTrue(rehearse(ROUTERS.replace("eth0", "eth8")));
    }

    @Test
    void shouldLeaveNoDescriptorOpen() throws Exception {
        assertTrue(rehearse(ROUTERS));
        int before = descriptors();
        assertTrue(rehearse(ROUTERS));
        assertEquals(before, descriptors());
    }

    private static int descriptors() throws Exception {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        }
    }
}
