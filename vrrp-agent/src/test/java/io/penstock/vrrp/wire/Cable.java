package io.penstock.vrrp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.IpAddress;
import io.penstock.testing.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Two hosts and a cable: {@code v} with 192.0.2.1, 2001:db8::1 and fe80::1 here, {@code w} with the same of 2 there. Neither says anything by
 * itself but what the kernel says of groups.
 */
final class Cable implements AutoCloseable {
    static final String HARDWARE = "02:00:00:00:00:01";
    static final String HARDWARE_THERE = "02:00:00:00:00:02";

    final NetworkNamespace here = NetworkNamespace.create();
    final NetworkNamespace there;
    final LinuxWire wire;
    final LinuxWire wireThere;

    Cable() throws Exception {
        there = NetworkNamespace.create();
        add("v", "w");
        set(here, "v", HARDWARE, 1);
        set(there, "w", HARDWARE_THERE, 2);
        wire = here.call(() -> LinuxWire.open(new LinuxSyscalls()));
        wireThere = there.call(() -> LinuxWire.open(new LinuxSyscalls()));
    }

    /** A cable from here to there, both ends down. */
    void add(String one, String other) throws Exception {
        // A thread's number is good for a process's where a namespace is meant (get_net_ns_by_pid).
        Path thread = there.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self")));
        here.ip("link add " + one + " type veth peer name " + other + " netns " + thread.getFileName());
    }

    private static void set(NetworkNamespace namespace, String name, String hardware, int host) throws Exception {
        namespace.ip("link set " + name + " addrgenmode none address " + hardware + " up");
        namespace.ip("addr add 192.0.2." + host + "/24 dev " + name);
        namespace.ip("addr add fe80::" + host + "/64 dev " + name + " nodad");
        namespace.ip("addr add 2001:db8::" + host + "/64 dev " + name + " nodad");
    }

    static int index(NetworkNamespace namespace, String name) throws Exception {
        return namespace
                .ipJson("link show dev " + name)
                .get(0)
                .getAsJsonObject()
                .get("ifindex")
                .getAsInt();
    }

    VrrpSocket open(String name, boolean ipv4) throws Exception {
        int index = index(here, name);
        return here.call(() -> wire.open(name, index, ipv4));
    }

    VrrpSocket openThere(String name, boolean ipv4) throws Exception {
        int index = index(there, name);
        return there.call(() -> wireThere.open(name, index, ipv4));
    }

    /** What arrives there. */
    Capture capture() throws Exception {
        int index = index(there, "w");
        return there.call(() -> new Capture(index));
    }

    /** Waits for the next packet; the one that is given comes back. */
    static Packet take(VrrpSocket socket) throws Exception {
        Packet packet = new Packet();
        NetworkNamespace.await("a packet", () -> socket.receive(packet));
        return packet;
    }

    static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    static UnsafeBuffer octets(String hexadecimal) {
        return new UnsafeBuffer(HexFormat.of().parseHex(hexadecimal.replace(" ", "")));
    }

    static String hexadecimal(UnsafeBuffer buffer, int length) {
        byte[] octets = new byte[length];
        buffer.getBytes(0, octets);
        return HexFormat.of().formatHex(octets);
    }

    static void assertSent(int result) {
        assertTrue(result >= 0, () -> "errno " + -result);
    }

    static void assertMessage(String hexadecimal, Packet packet) {
        assertEquals(hexadecimal.replace(" ", ""), hexadecimal(packet.message, packet.lengthBytes));
    }

    @Override
    public void close() {
        wire.close();
        wireThere.close();
        here.close();
        there.close();
    }
}
