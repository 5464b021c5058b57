package io.penstock.linux;

import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.AF_INET6;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A {@code struct sockaddr_in} or {@code struct sockaddr_in6} and the socklen_t beside it. Reads IPv4 as IPv4-mapped,
 * as {@link IpAddress} holds it, without allocating. NOT thread safe.
 *
 * <pre>
 * struct sockaddr_in {              struct sockaddr_in6 {
 *     sa_family_t sin_family;  0        sa_family_t sin6_family;     0
 *     in_port_t   sin_port;    2  BE    in_port_t   sin6_port;       2  BE
 *     in_addr     sin_addr;    4  BE    uint32_t    sin6_flowinfo;   4
 *     char        zero[8];     8        in6_addr    sin6_addr;       8  BE
 * };                      size 16       uint32_t    sin6_scope_id;  24
 *                                   };                         size 28
 * </pre>
 */
public final class SocketAddress {
    private static final int PORT_OFFSET = 2;
    private static final int IPV4_OFFSET = 4;
    private static final int IPV6_OFFSET = 8;
    private static final int SCOPE_OFFSET = 24;
    private static final int IPV4_SIZE = 16;
    private static final int IPV6_SIZE = 28;
    private static final int NO_SCOPE = 0;

    /** Of the larger of the two. */
    static final int SIZE = IPV6_SIZE;

    private static final int LENGTH_OFFSET = 32;
    private static final int MEMORY_SIZE = 40;

    private static final long MAPPED_PREFIX = IpAddress.ANY_IPV4.low();

    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MEMORY_SIZE, Long.BYTES));

    /** IPv4-mapped addresses become a sockaddr_in, all others a sockaddr_in6. */
    public SocketAddress set(IpAddress address, int port) {
        return set(address.high(), address.low(), port);
    }

    /** As {@link #set(IpAddress, int)}; the halves are those of an IpAddress. */
    public SocketAddress set(long high, long low, int port) {
        int length = put(buffer, 0, high, low, port, NO_SCOPE);
        buffer.putInt(LENGTH_OFFSET, length, ByteOrder.nativeOrder());
        return this;
    }

    /** Makes room for an address that the kernel will write, and says so at {@link #lengthAddress()}. */
    public SocketAddress prepare() {
        buffer.putInt(LENGTH_OFFSET, IPV6_SIZE, ByteOrder.nativeOrder());
        return this;
    }

    public long address() {
        return buffer.addressOffset();
    }

    public long lengthAddress() {
        return buffer.addressOffset() + LENGTH_OFFSET;
    }

    public int length() {
        return buffer.getInt(LENGTH_OFFSET, ByteOrder.nativeOrder());
    }

    public int family() {
        return buffer.getShort(0, ByteOrder.nativeOrder());
    }

    public int port() {
        return port(buffer, 0);
    }

    /** The first eight octets, as {@link IpAddress#high()}. */
    public long high() {
        return high(buffer, 0);
    }

    /** The last eight octets, as {@link IpAddress#low()}. */
    public long low() {
        return low(buffer, 0);
    }

    public Endpoint endpoint() {
        return new Endpoint(new IpAddress(high(), low()), port());
    }

    /** Writes one of {@link #SIZE} octets at most; IPv4-mapped becomes sockaddr_in. How long it is. */
    static int put(MutableDirectBuffer buffer, int offset, long high, long low, int port, int scope) {
        boolean ipv4 = IpAddress.isIpv4(high, low);
        buffer.setMemory(offset, IPV6_SIZE, (byte) 0);
        buffer.putShort(offset, (short) (ipv4 ? AF_INET : AF_INET6), ByteOrder.nativeOrder());
        buffer.putShort(offset + PORT_OFFSET, (short) port, ByteOrder.BIG_ENDIAN);
        if (ipv4) {
            buffer.putInt(offset + IPV4_OFFSET, (int) low, ByteOrder.BIG_ENDIAN);
            return IPV4_SIZE;
        }
        buffer.putLong(offset + IPV6_OFFSET, high, ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + IPV6_OFFSET + Long.BYTES, low, ByteOrder.BIG_ENDIAN);
        buffer.putInt(offset + SCOPE_OFFSET, scope, ByteOrder.nativeOrder());
        return IPV6_SIZE;
    }

    static int port(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + PORT_OFFSET, ByteOrder.BIG_ENDIAN) & 0xffff;
    }

    static long high(DirectBuffer buffer, int offset) {
        return isIpv4(buffer, offset) ? 0 : buffer.getLong(offset + IPV6_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    static long low(DirectBuffer buffer, int offset) {
        return isIpv4(buffer, offset)
                ? mapped(buffer, offset + IPV4_OFFSET)
                : buffer.getLong(offset + IPV6_OFFSET + Long.BYTES, ByteOrder.BIG_ENDIAN);
    }

    static int scope(DirectBuffer buffer, int offset) {
        return isIpv4(buffer, offset) ? NO_SCOPE : buffer.getInt(offset + SCOPE_OFFSET, ByteOrder.nativeOrder());
    }

    /** The low half of the IPv4-mapped form of a {@code struct in_addr}. */
    static long mapped(DirectBuffer buffer, int offset) {
        return MAPPED_PREFIX | Integer.toUnsignedLong(buffer.getInt(offset, ByteOrder.BIG_ENDIAN));
    }

    private static boolean isIpv4(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset, ByteOrder.nativeOrder()) == AF_INET;
    }
}
