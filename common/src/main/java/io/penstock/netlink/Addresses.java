package io.penstock.netlink;

import io.penstock.linux.SocketConstants;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;

/**
 * IPv4 and IPv6 addresses of interfaces (linux/if_addr.h).
 *
 * <pre>
 * struct ifaddrmsg {                       struct ifa_cacheinfo {
 *     __u8  ifa_family;     0                  __u32 ifa_prefered;  0  seconds
 *     __u8  ifa_prefixlen;  1                  __u32 ifa_valid;     4  seconds
 *     __u8  ifa_flags;      2                  __u32 cstamp;        8
 *     __u8  ifa_scope;      3                  __u32 tstamp;       12
 *     __u32 ifa_index;      4              };                 size 16
 * };                   size 8
 * </pre>
 */
public final class Addresses {
    private static final int HEADER_BYTES = 8;
    private static final int PREFIX = 1;
    private static final int FLAGS = 2;
    private static final int SCOPE = 3;
    private static final int INDEX = 4;

    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_CACHEINFO = 6;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_PROTO = 11;
    private static final int VALID_OFFSET = 4;

    private static final int CHANGE = Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_ACK;

    private static final Request LIST = new Request("list the addresses", (writer, sequence) -> writer.begin(
                    Rtnetlink.RTM_GETADDR, Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_DUMP, sequence)
            .zero(HEADER_BYTES)
            .finish());

    private Addresses() {}

    public static List<InterfaceAddress> list(NetlinkSocket socket) throws IOException {
        return socket.dump(LIST, Addresses::parse);
    }

    /** To put an address where it is not; EEXIST where it is, whoever put it there. */
    public static Request add(InterfaceAddress address) {
        return new Request(describe("add ", address, " to link "), (writer, sequence) -> {
            int flags = CHANGE | Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_EXCL;
            encode(writer.begin(Rtnetlink.RTM_NEWADDR, flags, sequence), address);
        });
    }

    /**
     * To put an address there, or to give the one that is there this lifetime and this mark of whose it is: the kernel asks nobody
     * whose it was.
     */
    public static Request put(InterfaceAddress address) {
        return new Request(describe("put ", address, " on link "), (writer, sequence) -> {
            int flags = CHANGE | Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_REPLACE;
            encode(writer.begin(Rtnetlink.RTM_NEWADDR, flags, sequence), address);
        });
    }

    /** To remove an address, whoever put it there; EADDRNOTAVAIL where it is not. */
    public static Request remove(InterfaceAddress address) {
        return new Request(describe("remove ", address, " from link "), (writer, sequence) -> {
            header(writer.begin(Rtnetlink.RTM_DELADDR, CHANGE, sequence), address);
            writer.attribute(IFA_LOCAL, address.address())
                    .attribute(IFA_ADDRESS, address.address())
                    .finish();
        });
    }

    static Optional<InterfaceAddress> parse(DirectBuffer buffer, int from, int limit) {
        if (limit - from < HEADER_BYTES || !isIp(buffer.getByte(from))) {
            return Optional.empty();
        }
        Optional<IpAddress> address = Optional.empty();
        Optional<IpAddress> local = Optional.empty();
        int flags = Byte.toUnsignedInt(buffer.getByte(from + FLAGS));
        int protocol = 0;
        long validSeconds = InterfaceAddress.FOREVER;
        AttributeReader attributes = new AttributeReader(buffer, from + HEADER_BYTES, limit);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFA_ADDRESS -> address = attributes.address();
                case IFA_LOCAL -> local = attributes.address();
                case IFA_FLAGS -> flags = attributes.s32();
                case IFA_PROTO -> protocol = attributes.u8();
                case IFA_CACHEINFO -> validSeconds = attributes.u32(VALID_OFFSET);
                default -> {
                    // Its label, its broadcast address: neither is asked for.
                }
            }
        }
        // On a point-to-point link IFA_ADDRESS is the other end's.
        Optional<IpAddress> own = local.isPresent() ? local : address;
        if (own.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new InterfaceAddress(
                buffer.getInt(from + INDEX),
                own.get(),
                Byte.toUnsignedInt(buffer.getByte(from + PREFIX)),
                flags,
                Byte.toUnsignedInt(buffer.getByte(from + SCOPE)),
                protocol,
                validSeconds));
    }

    private static boolean isIp(int family) {
        return family == SocketConstants.AF_INET || family == SocketConstants.AF_INET6;
    }

    private static void encode(MessageWriter writer, InterfaceAddress address) {
        header(writer, address);
        writer.attribute(IFA_LOCAL, address.address()).attribute(IFA_ADDRESS, address.address());
        if (address.flags() != 0) {
            writer.attribute32(IFA_FLAGS, address.flags());
        }
        if (address.validSeconds() != InterfaceAddress.FOREVER) {
            int at = writer.beginAttribute(IFA_CACHEINFO);
            // Preferred as long as it is valid, so that it does not turn into a deprecated one first.
            writer.u32(address.validSeconds())
                    .u32(address.validSeconds())
                    .u32(0)
                    .u32(0)
                    .endAttribute(at);
        }
        if (address.protocol() != 0) {
            writer.attribute8(IFA_PROTO, address.protocol());
        }
        writer.finish();
    }

    private static void header(MessageWriter writer, InterfaceAddress address) {
        writer.u8(address.address().isIpv4() ? SocketConstants.AF_INET : SocketConstants.AF_INET6)
                .u8(address.prefixBits())
                .u8(address.flags())
                .u8(address.scope())
                .u32(address.linkIndex());
    }

    private static String describe(String verb, InterfaceAddress address, String where) {
        return verb + address.address() + "/" + address.prefixBits() + where + address.linkIndex();
    }
}
