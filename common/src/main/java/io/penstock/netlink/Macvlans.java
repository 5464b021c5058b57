package io.penstock.netlink;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;

/** Macvlan interfaces (linux/if_link.h); {@link Links} sets them up and down, and removes them. */
public final class Macvlans {
    private static final int IFLA_LINK = 5;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_MACVLAN_MODE = 1;
    private static final String KIND = "macvlan";
    private static final int HEX = 16;

    private Macvlans() {}

    /** All that there are. */
    public static List<Macvlan> list(NetlinkSocket socket) throws IOException {
        return socket.dump(Links.LIST, Macvlans::parse);
    }

    /**
     * To make an interface of its own hardware address on another one; the kernel gives it an index. It is down at first. EEXIST when
     * there is one of that name; of that hardware address several may be there, and one of them up.
     */
    public static Request add(Macvlan macvlan) {
        String description = "add macvlan " + macvlan.name() + " on link " + macvlan.lowerIndex();
        return new Request(description, (writer, sequence) -> {
            int flags = Links.CHANGE | Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_EXCL;
            writer.begin(Rtnetlink.RTM_NEWLINK, flags, sequence).zero(Links.HEADER_BYTES);
            putHardwareAddress(writer, macvlan.hardwareAddress());
            writer.attribute32(IFLA_LINK, macvlan.lowerIndex()).attribute(Links.IFLA_IFNAME, macvlan.name());
            int info = writer.beginAttribute(Links.IFLA_LINKINFO);
            writer.attribute(Links.IFLA_INFO_KIND, KIND);
            int data = writer.beginAttribute(IFLA_INFO_DATA);
            writer.attribute32(IFLA_MACVLAN_MODE, macvlan.mode())
                    .endAttribute(data)
                    .endAttribute(info)
                    .finish();
        });
    }

    private static void putHardwareAddress(MessageWriter writer, String hardwareAddress) {
        int at = writer.beginAttribute(Links.IFLA_ADDRESS);
        for (String octet : hardwareAddress.split(":", -1)) {
            writer.u8(Integer.parseInt(octet, HEX));
        }
        writer.endAttribute(at);
    }

    static Optional<Macvlan> parse(DirectBuffer buffer, int from, int limit) {
        Optional<Link> link = Links.parse(buffer, from, limit);
        if (!link.flatMap(Link::kind).equals(Optional.of(KIND))) {
            return Optional.empty();
        }
        int lowerIndex = 0;
        int mode = 0;
        AttributeReader attributes = new AttributeReader(buffer, from + Links.HEADER_BYTES, limit);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFLA_LINK -> lowerIndex = attributes.s32();
                case Links.IFLA_LINKINFO -> mode = mode(attributes.nested());
                default -> {
                    // The link has it.
                }
            }
        }
        String hardwareAddress = link.get().hardwareAddress().orElse("");
        return Optional.of(new Macvlan(link.get().index(), link.get().name(), lowerIndex, hardwareAddress, mode));
    }

    private static int mode(AttributeReader info) {
        while (info.next()) {
            if (info.type() == IFLA_INFO_DATA) {
                AttributeReader data = info.nested();
                while (data.next()) {
                    if (data.type() == IFLA_MACVLAN_MODE) {
                        return data.s32();
                    }
                }
            }
        }
        return 0;
    }
}
