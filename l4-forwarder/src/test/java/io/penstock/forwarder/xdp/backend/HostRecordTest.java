package io.penstock.forwarder.xdp.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.xdp.backend.HostRecord.Advertised;
import io.penstock.forwarder.xdp.backend.HostRecord.Placed;
import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostRecordTest {
    private static final String VIP = "192.0.2.10";
    private static final String OTHER_VIP = "192.0.2.11";

    @TempDir
    private Path directory;

    private final List<String> onLoopback = new ArrayList<>(List.of(VIP, OTHER_VIP));

    private HostFile file(String boot) {
        return new HostFile(directory.resolve("host.json"), boot);
    }

    private HostRecord read() throws IOException {
        return HostRecord.read(file("boot-1"), host());
    }

    private Surroundings host() {
        return new Surroundings(
                Plans.LINKS, onLoopback.stream().map(HostRecordTest::onLoopback).toList());
    }

    private static InterfaceAddress onLoopback(String address) {
        return new InterfaceAddress(1, address(address), 32, 0, 0, 0, InterfaceAddress.FOREVER);
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    @Test
    void shouldRememberWhatWasDone() throws IOException {
        HostRecord record = read();
        BackendPlan plan = Plans.of(VIP, Encapsulation.VXLAN, "eth0", Plans.sources("10.0.0.0/30", "2001:db8::/64"));
        Placed placed = new Placed("lo", address(VIP));
        Advertised route = new Advertised("eth0", true, "default via 10.0.0.1", " advmss 1460", 1440);
        record.claim(plan);
        record.placed(placed);
        record.made("eth0");
        record.advertised(route);

        HostRecord next = read();
        assertEquals(Claim.of(plan), next.claims());
        assertEquals(List.of(placed), next.addresses());
        assertEquals(List.of(route), next.routes());
        assertTrue(next.hasMade("eth0"));
        assertTrue(next.needs(placed, "lo"));
        assertTrue(next.isUsed("pstk-vx100"));

        next.release(plan);
        assertFalse(next.needs(placed, "lo"));
        assertFalse(next.isDone());
        next.removed(placed);
        assertTrue(next.isDone());
        next.unmade("eth0");
        next.forgotten(route);
        assertTrue(Files.notExists(directory.resolve("host.json")));
    }

    @Test
    void shouldForgetWhatIsNotSoAnyMore() throws IOException {
        HostRecord record = read();
        record.claim(Plans.of(VIP, Encapsulation.L2, "eth0"));
        record.claim(Plans.of(OTHER_VIP, Encapsulation.L2, "eth0"));
        record.placed(new Placed("lo", address(VIP)));
        record.placed(new Placed("lo", address(OTHER_VIP)));
        record.made("pstk-vx7");
        record.advertised(new Advertised("eth7", true, "default via 10.0.0.1", "", 1440));
        onLoopback.remove(VIP);

        HostRecord next = read();
        assertEquals(Claim.of(Plans.of(OTHER_VIP, Encapsulation.L2, "eth0")), next.claims());
        assertEquals(List.of(new Placed("lo", address(OTHER_VIP))), next.addresses());
        assertFalse(next.hasMade("pstk-vx7"));
        assertEquals(List.of(), next.routes());
        assertEquals(List.of(), HostRecord.read(file("boot-2"), host()).claims());
    }

    @Test
    void shouldKeepSourcesThatACallDoesNotSay() throws IOException {
        HostRecord record = read();
        record.claim(Plans.of(VIP, Encapsulation.IPIP, "eth0", Plans.sources("10.0.0.0/30")));
        record.claim(Plans.of(OTHER_VIP, Encapsulation.IPIP, "eth0", Plans.sources("10.0.1.0/30")));
        record.claim(Plans.of(VIP, Encapsulation.IPIP, "eth0"));
        assertEquals("10.0.0.0/30,10.0.1.0/30", record.sources("test").toString());
        record.claim(Plans.of(VIP, Encapsulation.IPIP, "eth0", Plans.sources("10.0.2.0/30")));
        assertEquals("10.0.1.0/30,10.0.2.0/30", record.sources("test").toString());
        record.claim(Plans.of(VIP, Encapsulation.IPIP, "eth0", Sources.ANY));
        assertEquals(Sources.ANY, record.sources("test"));
        assertFalse(record.sources("another").isSaid());
    }

    @Test
    void shouldKeepAVipThatIsServedByAnotherInterfaceToo() throws IOException {
        HostRecord record = read();
        record.claim(Plans.of(VIP, Encapsulation.L2, "eth0"));
        record.claim(Plans.of(VIP, Encapsulation.L2, "eth1"));
        record.release(Plans.of(VIP, Encapsulation.L2, "eth0"));
        assertTrue(record.needs(new Placed("lo", address(VIP)), "lo"));
        // Undoing what was not done.
        record.release(Plans.of(VIP, Encapsulation.IPIP, "eth1"));
        assertTrue(record.needs(new Placed("lo", address(VIP)), "lo"));
    }

    @Test
    void shouldRefuseAFileThatSaysSomethingElse() throws IOException {
        for (String text : List.of(
                "",
                "{}",
                "what",
                "{\"boot\":\"boot-1\"}",
                "{\"boot\":\"boot-1\",\"contents\":{\"claims\":[{}],\"addresses\":[],\"devices\":[],\"routes\":[]}}",
                "{\"boot\":\"boot-1\",\"contents\":{\"claims\":[],\"addresses\":[{\"device\":\"lo\",\"address\":\"x\"}],"
                        + "\"devices\":[],\"routes\":[]}}")) {
            Files.writeString(directory.resolve("host.json"), text);
            IOException refused = assertThrows(IOException.class, this::read, text);
            assertTrue(refused.getMessage().contains("undo it by hand, then remove the file"), refused.getMessage());
        }
    }
}
