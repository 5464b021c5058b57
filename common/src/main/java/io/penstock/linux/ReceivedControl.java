package io.penstock.linux;

import static io.penstock.linux.SocketConstants.IPPROTO_IP;
import static io.penstock.linux.SocketConstants.IPPROTO_IPV6;
import static io.penstock.linux.SocketConstants.IPV6_HOPLIMIT;
import static io.penstock.linux.SocketConstants.IPV6_PKTINFO;
import static io.penstock.linux.SocketConstants.IPV6_TCLASS;
import static io.penstock.linux.SocketConstants.IP_PKTINFO;
import static io.penstock.linux.SocketConstants.IP_TOS;
import static io.penstock.linux.SocketConstants.SOL_UDP;
import static io.penstock.linux.SocketConstants.UDP_GRO;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * What stands in the control messages of one datagram (cmsg(3), ip(7), ipv6(7), udp(7)). Unknown ones are passed over, and
 * reading ends at one that does not fit. NOT thread safe.
 *
 * <pre>
 * struct cmsghdr {             struct in_pktinfo {              struct in6_pktinfo {
 *     size_t cmsg_len;    0        int     ipi_ifindex;   0         in6_addr ipi6_addr;     0
 *     int    cmsg_level;  8        in_addr ipi_spec_dst;  4         uint32_t ipi6_ifindex; 16
 *     int    cmsg_type;  12        in_addr ipi_addr;      8     };                    size 20
 * };   data from 16 on, then   };                   size 12
 *      filled up to 8 octets
 * </pre>
 */
final class ReceivedControl {
    static final int DATA_OFFSET = 16;

    private static final int LEVEL_OFFSET = 8;
    private static final int TYPE_OFFSET = 12;
    private static final int SPEC_DST_OFFSET = 4;
    private static final int IN_PKTINFO_SIZE = 12;
    private static final int IN6_PKTINFO_SIZE = 20;

    private int segmentBytes;
    private int trafficClass;
    private int hopLimit;
    private boolean hasIpv4Destination;
    private boolean hasDestination;
    private long destinationHigh;
    private long destinationLow;

    /** Reads this many octets from {@code offset} on, and none after them. */
    void read(DirectBuffer buffer, int offset, int length) {
        segmentBytes = 0;
        trafficClass = 0;
        hopLimit = 0;
        hasIpv4Destination = false;
        hasDestination = false;
        destinationHigh = 0;
        destinationLow = 0;
        int at = offset;
        int left = length;
        while (left >= DATA_OFFSET) {
            long size = buffer.getLong(at, ByteOrder.nativeOrder());
            if (size < DATA_OFFSET || size > left) {
                return;
            }
            take(buffer, at, (int) size - DATA_OFFSET);
            int step = align((int) size);
            at += step;
            left -= step;
        }
    }

    /** A control message begins at a multiple of this. */
    static int align(int size) {
        return (size + Long.BYTES - 1) & -Long.BYTES;
    }

    private void take(DirectBuffer buffer, int at, int size) {
        int type = buffer.getInt(at + TYPE_OFFSET, ByteOrder.nativeOrder());
        int data = at + DATA_OFFSET;
        switch (buffer.getInt(at + LEVEL_OFFSET, ByteOrder.nativeOrder())) {
            case SOL_UDP -> takeUdp(buffer, type, data, size);
            case IPPROTO_IP -> takeIpv4(buffer, type, data, size);
            case IPPROTO_IPV6 -> takeIpv6(buffer, type, data, size);
            default -> {}
        }
    }

    private void takeUdp(DirectBuffer buffer, int type, int data, int size) {
        if (type == UDP_GRO && size >= Integer.BYTES) {
            segmentBytes = buffer.getInt(data, ByteOrder.nativeOrder());
        }
    }

    private void takeIpv4(DirectBuffer buffer, int type, int data, int size) {
        if (type == IP_TOS && size >= Byte.BYTES) {
            trafficClass = buffer.getByte(data) & 0xff;
        } else if (type == IP_PKTINFO && size >= IN_PKTINFO_SIZE) {
            hasDestination = true;
            hasIpv4Destination = true;
            destinationHigh = 0;
            destinationLow = SocketAddress.mapped(buffer, data + SPEC_DST_OFFSET);
        }
    }

    /** A dual-stack socket with both options tells of IPv4 datagrams in both forms; ip(7)'s knows more. */
    private void takeIpv6(DirectBuffer buffer, int type, int data, int size) {
        if (type == IPV6_TCLASS && size >= Integer.BYTES) {
            trafficClass = buffer.getInt(data, ByteOrder.nativeOrder()) & 0xff;
        } else if (type == IPV6_HOPLIMIT && size >= Integer.BYTES) {
            hopLimit = buffer.getInt(data, ByteOrder.nativeOrder()) & 0xff;
        } else if (type == IPV6_PKTINFO && size >= IN6_PKTINFO_SIZE && !hasIpv4Destination) {
            hasDestination = true;
            destinationHigh = buffer.getLong(data, ByteOrder.BIG_ENDIAN);
            destinationLow = buffer.getLong(data + Long.BYTES, ByteOrder.BIG_ENDIAN);
        }
    }

    int segmentBytes() {
        return segmentBytes;
    }

    int trafficClass() {
        return trafficClass;
    }

    /** Of IPv6; 0 when the kernel did not say. */
    int hopLimit() {
        return hopLimit;
    }

    boolean hasDestination() {
        return hasDestination;
    }

    long destinationHigh() {
        return destinationHigh;
    }

    long destinationLow() {
        return destinationLow;
    }
}
