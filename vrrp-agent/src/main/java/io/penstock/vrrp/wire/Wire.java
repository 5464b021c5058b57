package io.penstock.vrrp.wire;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.AdvertisementCodec;
import java.io.IOException;

/** The network of this namespace. Of the agent's thread. */
public interface Wire {
    /** Both addresses of the group: 224.0.0.18 and ff02::12. */
    static IpAddress group(boolean ipv4) {
        return ipv4 ? AdvertisementCodec.IPV4_GROUP : AdvertisementCodec.IPV6_GROUP;
    }

    /**
     * Hears the group on an interface, which may be down, from now on; see {@link VrrpSocket} for how long.
     *
     * @throws IOException when no interface has this index, or the kernel refuses
     */
    VrrpSocket open(String interfaceName, int interfaceIndex, boolean ipv4) throws IOException;

    /**
     * Tells everyone on a link that an address is at this link's hardware address: by gratuitous ARP (an ARP request, RFC 5227 section 3),
     * or by an unsolicited neighbor advertisement (RFC 4861 section 7.2.6).
     *
     * @param hardwareAddress six octets as hexadecimal numbers with colons, as Link has it
     * @param forwarding whether this host forwards IPv6, which is in the advertisement
     * @return at least 0, or -errno: ENXIO without such an interface, ENETDOWN while it is down, EINVAL when it has no such hardware address
     */
    int announce(int interfaceIndex, String hardwareAddress, IpAddress address, boolean forwarding);
}
