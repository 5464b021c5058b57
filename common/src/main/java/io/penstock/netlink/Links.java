package io.penstock.netlink;

import io.penstock.linux.SocketConstants;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;

/**
 * Network interfaces (linux/if_link.h, linux/if.h).
 *
 * <pre>
 * struct ifinfomsg {
 *     unsigned char  ifi_family;  0
 *     unsigned short ifi_type;    2
 *     int            ifi_index;   4
 *     unsigned       ifi_flags;   8
 *     unsigned       ifi_change; 12
 * };                       size 16
 * </pre>
 */
public final class Links {
    static final int HEADER_BYTES = 16;
    private static final int INDEX = 4;
    private static final int FLAGS = 8;

    static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_EXT_MASK = 29;
    private static final long RTEXT_FILTER_SKIP_STATS = 8;

    private static final int IFF_UP = 1;
    private static final int IFF_LOOPBACK = 8;
    private static final int IFF_LOWER_UP = 1 << 16;

    private static final int ETHERNET_OCTETS = 6;

    static final int CHANGE = Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_ACK;

    static final Request LIST = new Request("list the links", (writer, sequence) -> writer.begin(
                    Rtnetlink.RTM_GETLINK, Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_DUMP, sequence)
            .zero(HEADER_BYTES)
            .attribute32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
            .finish());

    private Links() {}

    public static List<Link> list(NetlinkSocket socket) throws IOException {
        return socket.dump(LIST, Links::parse);
    }

    /** To set an interface up, or down; ENODEV when there is none of that number. */
    public static Request set(int index, boolean up) {
        return new Request("set link " + index + (up ? " up" : " down"), (writer, sequence) -> header(
                        writer.begin(Rtnetlink.RTM_NEWLINK, CHANGE, sequence), index)
                .u32(up ? IFF_UP : 0)
                .u32(IFF_UP)
                .finish());
    }

    /** To remove an interface, whoever made it; ENODEV when there is none of that number. */
    public static Request remove(int index) {
        return new Request("remove link " + index, (writer, sequence) -> header(
                        writer.begin(Rtnetlink.RTM_DELLINK, CHANGE, sequence), index)
                .u32(0)
                .u32(0)
                .finish());
    }

    private static MessageWriter header(MessageWriter writer, int index) {
        return writer.zero(INDEX).u32(index);
    }

    /** Empty for what a bridge says of its ports: those are not their beginning and end. */
    static Optional<Link> parse(DirectBuffer buffer, int from, int limit) {
        if (limit - from < HEADER_BYTES || buffer.getByte(from) != SocketConstants.AF_UNSPEC) {
            return Optional.empty();
        }
        int flags = buffer.getInt(from + FLAGS);
        String name = "";
        int mtu = 0;
        Optional<String> hardwareAddress = Optional.empty();
        Optional<String> kind = Optional.empty();
        AttributeReader attributes = new AttributeReader(buffer, from + HEADER_BYTES, limit);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFLA_IFNAME -> name = attributes.text();
                case IFLA_MTU -> mtu = attributes.s32();
                case IFLA_ADDRESS -> hardwareAddress = hardwareAddress(attributes);
                case IFLA_LINKINFO -> kind = kind(attributes.nested());
                default -> {
                    // Of the some sixty others, nobody here asks for any.
                }
            }
        }
        return Optional.of(new Link(
                buffer.getInt(from + INDEX),
                name,
                (flags & IFF_UP) != 0,
                (flags & IFF_UP) != 0 && (flags & IFF_LOWER_UP) != 0,
                (flags & IFF_LOOPBACK) != 0,
                mtu,
                hardwareAddress,
                kind));
    }

    private static Optional<String> kind(AttributeReader attributes) {
        while (attributes.next()) {
            if (attributes.type() == IFLA_INFO_KIND) {
                return Optional.of(attributes.text());
            }
        }
        return Optional.empty();
    }

    static Optional<String> hardwareAddress(AttributeReader attribute) {
        if (attribute.length() != ETHERNET_OCTETS) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder();
        for (byte octet : attribute.octets()) {
            text.append(text.isEmpty() ? "" : ":")
                    .append(Character.forDigit(octet >> 4 & 0xf, 16))
                    .append(Character.forDigit(octet & 0xf, 16));
        }
        return Optional.of(text.toString());
    }
}
