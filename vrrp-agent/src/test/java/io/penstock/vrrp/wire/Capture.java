package io.penstock.vrrp.wire;

import static io.penstock.linux.SocketConstants.AF_PACKET;
import static io.penstock.linux.SocketConstants.MSG_DONTWAIT;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_RAW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import io.penstock.testing.NetworkNamespace;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** Frames as they arrive on one link, whoever they are for; see packet(7). */
final class Capture implements AutoCloseable {
    private static final int ALL_PROTOCOLS = 0x0003;
    private static final int ADDRESS_SIZE = 20;
    private static final int PROTOCOL_OFFSET = 2;
    private static final int INDEX_OFFSET = 4;
    private static final int ROOM = 2048;

    private static final int TYPE_OFFSET = 12;
    private static final int IPV4_PROTOCOL_OFFSET = 23;
    private static final int IPV6_NEXT_HEADER_OFFSET = 20;
    private static final int ICMPV6_TYPE_OFFSET = 54;

    private final Syscalls syscalls = new LinuxSyscalls();
    private final UnsafeBuffer frame = new UnsafeBuffer(BufferUtil.allocateDirectAligned(ROOM, Long.BYTES));
    private final int fd;

    /** Of the namespace of the calling thread. */
    Capture(int interfaceIndex) {
        fd = syscalls.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
        assertTrue(fd >= 0);
        frame.putShort(0, (short) AF_PACKET, ByteOrder.nativeOrder());
        frame.putShort(PROTOCOL_OFFSET, (short) ALL_PROTOCOLS, ByteOrder.BIG_ENDIAN);
        frame.putInt(INDEX_OFFSET, interfaceIndex, ByteOrder.nativeOrder());
        assertEquals(0, syscalls.bind(fd, frame.addressOffset(), ADDRESS_SIZE));
    }

    /** The next of VRRP, in hexadecimal. */
    String vrrp() throws Exception {
        return next("VRRP", this::isVrrp);
    }

    String arp() throws Exception {
        return next("ARP", () -> type() == Headers.TYPE_ARP);
    }

    String neighborAdvertisement() throws Exception {
        return next(
                "a neighbor advertisement",
                () -> type() == Headers.TYPE_IPV6
                        && octet(IPV6_NEXT_HEADER_OFFSET) == 58
                        && octet(ICMPV6_TYPE_OFFSET) == 136);
    }

    private String next(String what, NetworkNamespace.Condition condition) throws Exception {
        int[] length = new int[1];
        NetworkNamespace.await(what, () -> {
            length[0] = (int) syscalls.recv(fd, frame.addressOffset(), ROOM, MSG_DONTWAIT);
            return length[0] > 0 && condition.holds();
        });
        byte[] octets = new byte[length[0]];
        frame.getBytes(0, octets);
        return HexFormat.of().formatHex(octets);
    }

    private boolean isVrrp() {
        return switch (type()) {
            case Headers.TYPE_IPV4 -> octet(IPV4_PROTOCOL_OFFSET) == LinuxWire.PROTOCOL;
            case Headers.TYPE_IPV6 -> octet(IPV6_NEXT_HEADER_OFFSET) == LinuxWire.PROTOCOL;
            default -> false;
        };
    }

    private int type() {
        return frame.getShort(TYPE_OFFSET, ByteOrder.BIG_ENDIAN) & 0xffff;
    }

    private int octet(int offset) {
        return frame.getByte(offset) & 0xff;
    }

    @Override
    public void close() {
        syscalls.close(fd);
    }
}
