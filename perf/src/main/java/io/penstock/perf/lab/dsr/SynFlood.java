package io.penstock.perf.lab.dsr;

import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_RAW;

import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.SendBatch;
import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * SYNs from addresses that nobody has, 198.18.0.0/15 (RFC 2544, appendix C.2.2), each a flow of its own. A raw socket, which takes CAP_NET_RAW;
 * the kernel completes IP headers (raw(7), IP_HDRINCL), all else is written here. NOT thread safe.
 */
final class SynFlood implements Closeable {
    private static final int IPPROTO_RAW = 255;
    private static final int IPPROTO_TCP = 6;
    private static final int BATCH = 256;
    private static final int STRIDE = 40;
    private static final int TCP = 20;
    private static final int TCP_LENGTH = 20;
    private static final int PORT = 80;
    private static final int SYN = 0x5002;
    private static final int WINDOW = 64_240;
    private static final int FIRST_PORT = 1_024;
    private static final int PORTS = 64_512;
    private static final int FIRST_SOURCE = 198 << 24 | 18 << 16;
    private static final int SOURCES = 1 << 17;
    private static final int LOW_16 = 0xffff;

    private final Syscalls syscalls = new LinuxSyscalls();
    private final SplittableRandom random = new SplittableRandom(PORT);
    private final UnsafeBuffer packets = new UnsafeBuffer(BufferUtil.allocateDirectAligned(BATCH * STRIDE, 64));
    private final SendBatch batch = new SendBatch(BATCH, 1);
    private final IpAddress[] targets;
    private final int fd;
    private long written;

    /** To the web services of these VIPs, IPv4, in turn. */
    SynFlood(IpAddress... targets) throws IOException {
        this.targets = targets.clone();
        fd = syscalls.socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
        if (fd < 0) {
            throw new IOException("no raw socket: " + Errno.describe(-fd));
        }
    }

    /** So many more; returns when the kernel has taken them. */
    void send(int count) throws IOException {
        for (int left = count; left > 0; left -= batch.size()) {
            batch.clear();
            while (!batch.isFull() && batch.size() < left) {
                write(batch.add());
            }
            flush();
        }
    }

    private void flush() throws IOException {
        for (int first = 0; first < batch.size(); ) {
            int sent = batch.send(syscalls, fd, first);
            if (sent == -Errno.EAGAIN || sent == -Errno.ENOBUFS) {
                Thread.onSpinWait();
            } else if (sent < 0) {
                throw new IOException("cannot send a SYN: " + Errno.describe(-sent));
            } else {
                first += sent;
            }
        }
    }

    private void write(int i) {
        IpAddress target = targets[(int) (written % targets.length)];
        // Each source has each port once, in an order that looks like none.
        int source = FIRST_SOURCE + (int) (written * 31 % SOURCES);
        int port = FIRST_PORT + (int) ((written / SOURCES * 7 + written) % PORTS);
        written++;
        int at = i * STRIDE;
        packets.setMemory(at, STRIDE, (byte) 0);
        packets.putByte(at, (byte) 0x45);
        packets.putByte(at + 8, (byte) 64);
        packets.putByte(at + 9, (byte) IPPROTO_TCP);
        packets.putInt(at + 12, source, ByteOrder.BIG_ENDIAN);
        packets.putInt(at + 16, target.ipv4(), ByteOrder.BIG_ENDIAN);
        int tcp = at + TCP;
        packets.putShort(tcp, (short) port, ByteOrder.BIG_ENDIAN);
        packets.putShort(tcp + 2, (short) PORT, ByteOrder.BIG_ENDIAN);
        packets.putInt(tcp + 4, random.nextInt(), ByteOrder.BIG_ENDIAN);
        packets.putShort(tcp + 12, (short) SYN, ByteOrder.BIG_ENDIAN);
        packets.putShort(tcp + 14, (short) WINDOW, ByteOrder.BIG_ENDIAN);
        packets.putShort(tcp + 16, checksum(at + 12), ByteOrder.BIG_ENDIAN);
        batch.part(i, packets.addressOffset() + at, STRIDE);
        batch.to(i, target.high(), target.low(), 0, 0);
    }

    /** Of both addresses and the segment behind them, RFC 9293 section 3.1. */
    private short checksum(int from) {
        int sum = IPPROTO_TCP + TCP_LENGTH;
        for (int at = from; at < from + 2 * Integer.BYTES + TCP_LENGTH; at += Short.BYTES) {
            sum += packets.getShort(at, ByteOrder.BIG_ENDIAN) & LOW_16;
        }
        sum = (sum & LOW_16) + (sum >>> 16);
        sum = (sum & LOW_16) + (sum >>> 16);
        return (short) ~sum;
    }

    @Override
    public void close() {
        syscalls.close(fd);
    }
}
