package io.penstock.linux;

import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.AF_INET6;
import static io.penstock.linux.SocketConstants.IPPROTO_IP;
import static io.penstock.linux.SocketConstants.IPPROTO_IPV6;
import static io.penstock.linux.SocketConstants.IPV6_ADD_MEMBERSHIP;
import static io.penstock.linux.SocketConstants.IPV6_MULTICAST_ALL;
import static io.penstock.linux.SocketConstants.IPV6_MULTICAST_LOOP;
import static io.penstock.linux.SocketConstants.IPV6_RECVHOPLIMIT;
import static io.penstock.linux.SocketConstants.IPV6_RECVPKTINFO;
import static io.penstock.linux.SocketConstants.IPV6_TCLASS;
import static io.penstock.linux.SocketConstants.IP_ADD_MEMBERSHIP;
import static io.penstock.linux.SocketConstants.IP_MULTICAST_ALL;
import static io.penstock.linux.SocketConstants.IP_MULTICAST_LOOP;
import static io.penstock.linux.SocketConstants.IP_TOS;
import static io.penstock.linux.SocketConstants.MSG_DONTWAIT;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_NONBLOCK;
import static io.penstock.linux.SocketConstants.SOCK_RAW;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_BINDTOIFINDEX;
import static io.penstock.linux.SocketConstants.SO_PRIORITY;
import static io.penstock.linux.SocketConstants.SO_RCVBUF;

import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sockets of one protocol above IP on one link; see raw(7). They are non-blocking and close-on-exec, take CAP_NET_RAW, and go with {@link
 * SendBatch} and {@link ReceiveBatch}, ports being 0. What is received has its IP header before it in IPv4, and has not in IPv6: there the
 * hop limit and the destination stand beside it. Results are {@code >= 0} or {@code -errno}. NOT thread safe.
 *
 * <pre>
 * struct ip_mreqn {                   struct ipv6_mreq {
 *     in_addr imr_multiaddr;  0  BE       in6_addr ipv6mr_multiaddr;   0  BE
 *     in_addr imr_address;    4  BE       int      ipv6mr_ifindex;    16
 *     int     imr_ifindex;    8       };                         size 20
 * };                    size 12
 * </pre>
 */
public final class RawSockets {
    private static final int TYPE = SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC;

    /** TC_PRIO_INTERACTIVE of linux/pkt_sched.h: the first band of pfifo_fast, and the highest that takes no right. */
    private static final int PRIORITY_INTERACTIVE = 6;

    private static final int IPV4_INDEX_OFFSET = 8;
    private static final int IPV4_REQUEST_SIZE = 12;
    private static final int IPV6_INDEX_OFFSET = 16;
    private static final int IPV6_REQUEST_SIZE = 20;

    /** More than what fits into any receive buffer in the microseconds before a socket is bound. */
    private static final int STRAY_MAX = 4096;

    private final Syscalls syscalls;
    private final SocketOptions options;
    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(24, Long.BYTES));

    public RawSockets(Syscalls syscalls) {
        this.syscalls = syscalls;
        options = new SocketOptions(syscalls);
    }

    /**
     * A socket that sends to this link and hears from it alone, and of groups those alone that it has joined. Its own multicast does not
     * come back to this host. What it sends goes before other traffic, in a queue of this host that has bands. Whether there is such a link is for {@link #join} to say.
     *
     * @param protocol of IP, from 1 to 255
     * @param trafficClass of all that it sends, DSCP and ECN
     * @param receiveBytes room for what waits to be read; the kernel doubles it for its own needs
     */
    public int open(boolean ipv4, int protocol, int interfaceIndex, int trafficClass, int receiveBytes) {
        int fd = syscalls.socket(ipv4 ? AF_INET : AF_INET6, TYPE, protocol);
        if (fd < 0) {
            return fd;
        }
        // By number: a name may be another link's by the time that the number is used to join.
        int result = options.set(fd, SOL_SOCKET, SO_BINDTOIFINDEX, interfaceIndex);
        result = result < 0 ? result : options.set(fd, SOL_SOCKET, SO_RCVBUF, receiveBytes);
        result = result < 0 ? result : ipv4 ? prepareIpv4(fd, trafficClass) : prepareIpv6(fd, trafficClass);
        // IP_TOS sets the priority too, so this comes after it.
        result = result < 0 ? result : options.set(fd, SOL_SOCKET, SO_PRIORITY, PRIORITY_INTERACTIVE);
        result = result < 0 ? result : dropStrays(fd);
        return result < 0 ? abandon(fd, result) : fd;
    }

    private int prepareIpv4(int fd, int trafficClass) {
        int result = options.set(fd, IPPROTO_IP, IP_TOS, trafficClass);
        result = result < 0 ? result : options.set(fd, IPPROTO_IP, IP_MULTICAST_LOOP, 0);
        return result < 0 ? result : options.set(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
    }

    private int prepareIpv6(int fd, int trafficClass) {
        int result = options.set(fd, IPPROTO_IPV6, IPV6_TCLASS, trafficClass);
        result = result < 0 ? result : options.set(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0);
        result = result < 0 ? result : options.set(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
        result = result < 0 ? result : options.set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
        return result < 0 ? result : options.set(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
    }

    /** A raw socket hears from its first moment on, of all links; what came before it was bound is not for it. */
    private int dropStrays(int fd) {
        long result = 0;
        for (int i = 0; i < STRAY_MAX && result >= 0; i++) {
            result = syscalls.recv(fd, memory.addressOffset(), memory.capacity(), MSG_DONTWAIT);
        }
        return result < 0 && result != -Errno.EAGAIN ? (int) result : 0;
    }

    /**
     * Has the link and the socket hear a group, from now on and through downs and ups of the link, until either is gone. ENODEV: no such
     * link, or IPv6 is not there for its MTU.
     */
    public int join(int fd, IpAddress group, int interfaceIndex) {
        memory.setMemory(0, memory.capacity(), (byte) 0);
        if (group.isIpv4()) {
            memory.putInt(0, group.ipv4(), ByteOrder.BIG_ENDIAN);
            memory.putInt(IPV4_INDEX_OFFSET, interfaceIndex, ByteOrder.nativeOrder());
            return syscalls.setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, memory.addressOffset(), IPV4_REQUEST_SIZE);
        }
        memory.putLong(0, group.high(), ByteOrder.BIG_ENDIAN);
        memory.putLong(Long.BYTES, group.low(), ByteOrder.BIG_ENDIAN);
        memory.putInt(IPV6_INDEX_OFFSET, interfaceIndex, ByteOrder.nativeOrder());
        return syscalls.setsockopt(fd, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, memory.addressOffset(), IPV6_REQUEST_SIZE);
    }

    public int close(int fd) {
        return syscalls.close(fd);
    }

    private int abandon(int fd, int error) {
        syscalls.close(fd);
        return error;
    }
}
