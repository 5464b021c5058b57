package io.penstock.linux;

import static io.penstock.linux.SocketConstants.AF_NETLINK;
import static io.penstock.linux.SocketConstants.MSG_TRUNC;
import static io.penstock.linux.SocketConstants.NETLINK_ADD_MEMBERSHIP;
import static io.penstock.linux.SocketConstants.NETLINK_CAP_ACK;
import static io.penstock.linux.SocketConstants.NETLINK_EXT_ACK;
import static io.penstock.linux.SocketConstants.NETLINK_GET_STRICT_CHK;
import static io.penstock.linux.SocketConstants.NETLINK_ROUTE;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_RAW;
import static io.penstock.linux.SocketConstants.SOL_NETLINK;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_RCVBUF;
import static io.penstock.linux.SocketConstants.SO_RCVBUFFORCE;
import static io.penstock.linux.SocketConstants.SO_RCVTIMEO;

import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sockets to the kernel's routing, see netlink(7) and rtnetlink(7). Results are {@code >= 0} or {@code -errno}. NOT thread safe.
 *
 * <pre>
 * struct sockaddr_nl {
 *     sa_family_t nl_family;  0   AF_NETLINK
 *     __u32       nl_pid;     4   0 is the kernel
 *     __u32       nl_groups;  8
 * };                    size 12
 * </pre>
 */
public final class NetlinkSockets {
    private static final int ADDRESS_SIZE = 12;
    private static final int PORT_OFFSET = 4;
    private static final int OPTION_OFFSET = 16;
    private static final int IOV_OFFSET = 32;
    private static final int IOV_LENGTH_OFFSET = 40;
    private static final int MEMORY_SIZE = 48;

    private final Syscalls syscalls;
    private final SocketOptions options;
    private final MessageHeaders message = new MessageHeaders(1);
    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MEMORY_SIZE, Long.BYTES));

    public NetlinkSockets(Syscalls syscalls) {
        this.syscalls = syscalls;
        this.options = new SocketOptions(syscalls);
        message.parts(0, memory.addressOffset() + IOV_OFFSET);
        message.partCount(0, 1);
    }

    /**
     * A socket with a number that the kernel chose, which gets errors in words and without the request repeated, and has its dumps
     * filtered by what the request says (from Linux 4.20 on).
     *
     * @param flags SOCK_NONBLOCK or 0
     */
    public int open(int flags) {
        int fd = syscalls.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | flags, NETLINK_ROUTE);
        if (fd < 0) {
            return fd;
        }
        int result = options.set(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
        if (result >= 0) {
            result = options.set(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
        }
        if (result >= 0) {
            result = options.set(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
        }
        if (result >= 0) {
            putAddress();
            result = syscalls.bind(fd, memory.addressOffset(), ADDRESS_SIZE);
        }
        return result < 0 ? abandon(fd, result) : fd;
    }

    /**
     * Lets the socket hear what happens to things of one kind.
     *
     * @param group RTNLGRP_* of linux/rtnetlink.h
     */
    public int join(int fd, int group) {
        return options.set(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
    }

    /** Beyond net.core.rmem_max where this process may (CAP_NET_ADMIN), otherwise up to it. */
    public int receiveBuffer(int fd, int sizeBytes) {
        int result = options.set(fd, SOL_SOCKET, SO_RCVBUFFORCE, sizeBytes);
        return result < 0 ? options.set(fd, SOL_SOCKET, SO_RCVBUF, sizeBytes) : result;
    }

    /** How long a receive may block before it ends with EAGAIN. */
    public int receiveTimeout(int fd, int seconds) {
        // struct timeval { time_t tv_sec; suseconds_t tv_usec; }
        memory.putLong(OPTION_OFFSET, seconds, ByteOrder.nativeOrder());
        memory.putLong(OPTION_OFFSET + Long.BYTES, 0, ByteOrder.nativeOrder());
        return syscalls.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, memory.addressOffset() + OPTION_OFFSET, 2 * Long.BYTES);
    }

    /** Sends messages, in one piece, to the kernel. */
    public long send(int fd, long address, int lengthBytes) {
        // Without an address it goes to the kernel: nobody connects these sockets to anybody else.
        return syscalls.send(fd, address, lengthBytes, 0);
    }

    /** Receives messages, in one piece: its whole length, though only so much as there was room for was stored. */
    public long receive(int fd, long address, int capacityBytes) {
        memory.putLong(IOV_OFFSET, address, ByteOrder.nativeOrder());
        memory.putLong(IOV_LENGTH_OFFSET, capacityBytes, ByteOrder.nativeOrder());
        message.name(0, memory.addressOffset(), ADDRESS_SIZE);
        return syscalls.recvmsg(fd, message.address(0), MSG_TRUNC);
    }

    /** Whether the last {@link #receive} was of the kernel: any process may send to such a socket. */
    public boolean fromKernel() {
        return memory.getInt(PORT_OFFSET, ByteOrder.nativeOrder()) == 0;
    }

    public int close(int fd) {
        return syscalls.close(fd);
    }

    private void putAddress() {
        memory.setMemory(0, ADDRESS_SIZE, (byte) 0);
        memory.putShort(0, (short) AF_NETLINK, ByteOrder.nativeOrder());
    }

    private int abandon(int fd, int error) {
        syscalls.close(fd);
        return error;
    }
}
