package io.penstock.vrrp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.IpAddress;
import io.penstock.testing.NetworkNamespace;
import io.penstock.vrrp.it.Port.Family;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;

/**
 * Asks who has a VIP, a hundred times a second: as a host that does not exist, so that no cache learns from the answers. Frames of ARP (RFC
 * 826) or neighbor solicitations (RFC 4861 section 4.3) that it makes itself.
 */
final class Asker {
    static final long INTERVAL_NS = 10_000_000;

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final byte[] NOBODY = {2, 0, 0, 0, 0, 0x77};
    private static final int NOBODYS_IPV4 = 0xc000024d;
    private static final IpAddress NOBODYS_IPV6 = IpAddress.parse("fe80::77").orElseThrow();
    private static final int ARP = 0x0806;
    private static final int IPV6 = 0x86dd;
    private static final int ICMPV6 = 58;
    private static final int SOLICITATION_LENGTH = 32;

    private final Libc libc;
    private final int socket;
    private final byte[] question;
    private final byte[] device;
    private final Thread thread = new Thread(this::run, "asker");
    private volatile boolean closed;

    /** As jnr-ffi wants it; see packet(7). */
    public interface Libc {
        int socket(int domain, int type, int protocol);

        long sendto(int fd, @In byte[] frame, long length, int flags, @In byte[] address, int addressLength);

        int close(int fd);
    }

    private Asker(Libc libc, int socket, byte[] question, int interfaceIndex) {
        this.libc = libc;
        this.socket = socket;
        this.question = question;
        device = ByteBuffer.allocate(20)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_PACKET)
                .putShort((short) 0)
                .putInt(interfaceIndex)
                .array();
        thread.setDaemon(true);
        thread.start();
    }

    static Asker start(NetworkNamespace client, int interfaceIndex, Family family) throws Exception {
        Libc libc = LibraryLoader.create(Libc.class).load("c");
        // Protocol 0: it sends only.
        int socket = client.call(() -> libc.socket(AF_PACKET, SOCK_RAW, 0));
        assertTrue(socket >= 0, "socket");
        return new Asker(libc, socket, question(family), interfaceIndex);
    }

    private static byte[] question(Family family) {
        IpAddress vip = family.address();
        return family == Family.IPV4 ? arp(vip) : solicitation(vip);
    }

    private static byte[] arp(IpAddress vip) {
        return ByteBuffer.allocate(42)
                .put(new byte[] {-1, -1, -1, -1, -1, -1})
                .put(NOBODY)
                .putShort((short) ARP)
                .putShort((short) 1)
                .putShort((short) 0x0800)
                .put((byte) 6)
                .put((byte) 4)
                .putShort((short) 1)
                .put(NOBODY)
                .putInt(NOBODYS_IPV4)
                .put(new byte[6])
                .putInt(vip.ipv4())
                .array();
    }

    private static byte[] solicitation(IpAddress vip) {
        int last24 = (int) vip.low() & 0xffffff;
        long groupHigh = 0xff02L << 48;
        long groupLow = 0x1_ff00_0000L | last24;
        ByteBuffer frame = ByteBuffer.allocate(14 + 40 + SOLICITATION_LENGTH)
                .putShort((short) 0x3333)
                .putInt(0xff000000 | last24)
                .put(NOBODY)
                .putShort((short) IPV6)
                .putInt(0x60000000)
                .putShort((short) SOLICITATION_LENGTH)
                .put((byte) ICMPV6)
                .put((byte) 255)
                .putLong(NOBODYS_IPV6.high())
                .putLong(NOBODYS_IPV6.low())
                .putLong(groupHigh)
                .putLong(groupLow)
                .putShort((short) (135 << 8))
                .putShort((short) 0)
                .putInt(0)
                .putLong(vip.high())
                .putLong(vip.low())
                .put((byte) 1)
                .put((byte) 1)
                .put(NOBODY);
        // The pseudo-header: both addresses, the length and the protocol.
        long sum = SOLICITATION_LENGTH + ICMPV6;
        for (int at = 14 + 8; at < frame.limit(); at += Short.BYTES) {
            sum += Short.toUnsignedInt(frame.getShort(at));
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        return frame.putShort(14 + 40 + 2, (short) ~sum).array();
    }

    private void run() {
        while (!closed) {
            // A host that is not there, or an interface that is down, is not asked.
            long unused = libc.sendto(socket, question, question.length, 0, device, device.length);
            LockSupport.parkNanos(INTERVAL_NS);
        }
    }

    void end() throws InterruptedException {
        closed = true;
        thread.join(TimeUnit.SECONDS.toMillis(10));
        assertEquals(0, libc.close(socket));
    }
}
