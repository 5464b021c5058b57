package io.penstock.linux;

import static io.penstock.linux.SocketConstants.IPPROTO_IP;
import static io.penstock.linux.SocketConstants.IPPROTO_IPV6;
import static io.penstock.linux.SocketConstants.IPV6_FREEBIND;
import static io.penstock.linux.SocketConstants.IPV6_TRANSPARENT;
import static io.penstock.linux.SocketConstants.IP_FREEBIND;
import static io.penstock.linux.SocketConstants.IP_TRANSPARENT;
import static io.penstock.linux.SocketConstants.SK_MEMINFO_DROPS;
import static io.penstock.linux.SocketConstants.SK_MEMINFO_VARS;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_BINDTODEVICE;
import static io.penstock.linux.SocketConstants.SO_ERROR;
import static io.penstock.linux.SocketConstants.SO_MEMINFO;

import io.penstock.net.BindOptions;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** setsockopt(2) and getsockopt(2) with their scratch memory, for sockets of any type. NOT thread safe. */
final class SocketOptions {
    private static final int LENGTH_OFFSET = 8;
    private static final int MEMORY_LENGTH_OFFSET = 40;

    /** A length and IFNAMSIZ octets. */
    private static final int DEVICE_MEMORY = 2 * Long.BYTES + 16;

    private final Syscalls syscalls;
    private final UnsafeBuffer scratch = new UnsafeBuffer(BufferUtil.allocateDirectAligned(16, Long.BYTES));
    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(48, Long.BYTES));

    SocketOptions(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /** Sets an option whose value is an int. */
    int set(int fd, int level, int name, int value) {
        scratch.putInt(0, value, ByteOrder.nativeOrder());
        return syscalls.setsockopt(fd, level, name, scratch.addressOffset(), Integer.BYTES);
    }

    /** The value of an option that is an int, 0 or more; or {@code -errno}. */
    int get(int fd, int level, int name) {
        scratch.putInt(LENGTH_OFFSET, Integer.BYTES, ByteOrder.nativeOrder());
        int result =
                syscalls.getsockopt(fd, level, name, scratch.addressOffset(), scratch.addressOffset() + LENGTH_OFFSET);
        return result < 0 ? result : scratch.getInt(0, ByteOrder.nativeOrder());
    }

    /** SO_ERROR, which reading clears: 0, or {@code -errno}. */
    int takeError(int fd) {
        int result = get(fd, SOL_SOCKET, SO_ERROR);
        return result < 0 ? result : -result;
    }

    /** As {@link DatagramSockets#receiveDrops}. */
    long receiveDrops(int fd) {
        memory.putInt(MEMORY_LENGTH_OFFSET, SK_MEMINFO_VARS * Integer.BYTES, ByteOrder.nativeOrder());
        int result = syscalls.getsockopt(
                fd, SOL_SOCKET, SO_MEMINFO, memory.addressOffset(), memory.addressOffset() + MEMORY_LENGTH_OFFSET);
        return result < 0
                ? result
                : Integer.toUnsignedLong(memory.getInt(SK_MEMINFO_DROPS * Integer.BYTES, ByteOrder.nativeOrder()));
    }

    /** What is asked of a socket before its bind. */
    int apply(int fd, boolean ipv4, BindOptions options) {
        int result = 0;
        if (!options.device().equals(BindOptions.ANY_DEVICE)) {
            result = bindToDevice(fd, options.device());
        }
        if (result >= 0 && options.transparent()) {
            result = transparent(fd, ipv4);
        }
        if (result >= 0 && options.freebind()) {
            result = ipv4 ? set(fd, IPPROTO_IP, IP_FREEBIND, 1) : set(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1);
        }
        return result;
    }

    int bindToDevice(int fd, String device) {
        for (int i = 0; i < device.length(); i++) {
            scratch.putByte(i, (byte) device.charAt(i));
        }
        return syscalls.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, scratch.addressOffset(), device.length());
    }

    int transparent(int fd, boolean ipv4) {
        return ipv4 ? set(fd, IPPROTO_IP, IP_TRANSPARENT, 1) : set(fd, IPPROTO_IPV6, IPV6_TRANSPARENT, 1);
    }

    BindOptions bindOptions(int fd, boolean ipv4) {
        int transparent = ipv4 ? get(fd, IPPROTO_IP, IP_TRANSPARENT) : get(fd, IPPROTO_IPV6, IPV6_TRANSPARENT);
        return new BindOptions(device(fd), transparent > 0);
    }

    private String device(int fd) {
        UnsafeBuffer name = new UnsafeBuffer(BufferUtil.allocateDirectAligned(DEVICE_MEMORY, Long.BYTES));
        name.putInt(0, BindOptions.MAX_DEVICE_CHARS + 1, ByteOrder.nativeOrder());
        int result = syscalls.getsockopt(
                fd, SOL_SOCKET, SO_BINDTODEVICE, name.addressOffset() + Long.BYTES, name.addressOffset());
        // With the zero at its end, or 0 for none.
        int length = result < 0 ? 0 : name.getInt(0, ByteOrder.nativeOrder());
        return length == 0 ? BindOptions.ANY_DEVICE : name.getStringWithoutLengthAscii(Long.BYTES, length - 1);
    }
}
