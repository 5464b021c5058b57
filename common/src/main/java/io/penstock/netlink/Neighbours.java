package io.penstock.netlink;

import io.penstock.linux.SocketConstants;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;

/**
 * Neighbours by IPv4 and IPv6 (linux/neighbour.h).
 *
 * <pre>
 * struct ndmsg {
 *     __u8  ndm_family;   0
 *     __s32 ndm_ifindex;  4
 *     __u16 ndm_state;    8
 *     __u8  ndm_flags;   10
 *     __u8  ndm_type;    11
 * };               size 12
 * </pre>
 */
public final class Neighbours {
    private static final int HEADER_BYTES = 12;
    private static final int INDEX = 4;
    private static final int STATE = 8;

    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;
    private static final int NDA_FLAGS_EXT = 15;

    /** To be asked now. */
    private static final int NTF_USE = 1;

    /** To be asked again by the kernel, before it is forgotten: from Linux 5.16 on, and of no effect before. */
    private static final int NTF_EXT_MANAGED = 1;

    private static final int CHANGE = Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_ACK;

    private static final Request LIST = new Request("list the neighbours", (writer, sequence) -> writer.begin(
                    Rtnetlink.RTM_GETNEIGH, Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_DUMP, sequence)
            .zero(HEADER_BYTES)
            .finish());

    private Neighbours() {}

    public static List<Neighbour> list(NetlinkSocket socket) throws IOException {
        return socket.dump(LIST, Neighbours::parse);
    }

    /**
     * To find out the hardware address of a neighbour, and from Linux 5.16 on to keep it known: the kernel asks by itself, as nobody sends
     * to it through the kernel. Not for one that an administrator set ({@link Neighbour#isFixed}): the kernel would forget what was set.
     *
     * @param managed false to leave it to the kernel again
     */
    public static Request resolve(int linkIndex, IpAddress address, boolean managed) {
        return new Request("resolve neighbour " + address + " of link " + linkIndex, (writer, sequence) -> writer.begin(
                        Rtnetlink.RTM_NEWNEIGH, CHANGE | Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_REPLACE, sequence)
                .u8(address.isIpv4() ? SocketConstants.AF_INET : SocketConstants.AF_INET6)
                .zero(INDEX - 1)
                .u32(linkIndex)
                .u16(0)
                .u8(NTF_USE)
                .u8(0)
                .attribute(NDA_DST, address)
                .attribute32(NDA_FLAGS_EXT, managed ? NTF_EXT_MANAGED : 0)
                .finish());
    }

    /** Empty for what a bridge learned: those have no IP address. */
    static Optional<Neighbour> parse(DirectBuffer buffer, int from, int limit) {
        if (limit - from < HEADER_BYTES) {
            return Optional.empty();
        }
        int family = buffer.getByte(from);
        if (family != SocketConstants.AF_INET && family != SocketConstants.AF_INET6) {
            return Optional.empty();
        }
        Optional<IpAddress> address = Optional.empty();
        Optional<String> hardwareAddress = Optional.empty();
        AttributeReader attributes = new AttributeReader(buffer, from + HEADER_BYTES, limit);
        while (attributes.next()) {
            switch (attributes.type()) {
                case NDA_DST -> address = attributes.address();
                case NDA_LLADDR -> hardwareAddress = Links.hardwareAddress(attributes);
                default -> {
                    // How often it was asked, and when it was used last.
                }
            }
        }
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int index = buffer.getInt(from + INDEX);
        int state = Short.toUnsignedInt(buffer.getShort(from + STATE));
        return Optional.of(new Neighbour(index, address.get(), hardwareAddress, state));
    }
}
