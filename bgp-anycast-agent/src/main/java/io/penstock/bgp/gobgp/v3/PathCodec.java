package io.penstock.bgp.gobgp.v3;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.bgp.gobgp.v3.api.Family;
import io.penstock.bgp.gobgp.v3.api.IPAddressPrefix;
import io.penstock.bgp.gobgp.v3.api.Path;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.Optional;

/** Paths as messages and back. What a daemon sends never fails here: what cannot be a unicast path is none. */
final class PathCodec {
    static final Family IPV4 = family(Family.Afi.AFI_IP);
    static final Family IPV6 = family(Family.Afi.AFI_IP6);

    /** Address bits that an {@link IpPrefix} has in front of an IPv4 one. */
    private static final int IPV4_BASE = 96;

    /** How Go writes the address of nobody. */
    private static final String NOBODY = "<nil>";

    private PathCodec() {}

    private static Family family(Family.Afi afi) {
        return Family.newBuilder().setAfi(afi).setSafi(Family.Safi.SAFI_UNICAST).build();
    }

    static Path encode(IpPrefix prefix, PathAttributes attributes) {
        Any nlri = nlri(prefix);
        return Path.newBuilder()
                .setFamily(family(prefix))
                .setNlri(nlri)
                .addAllPattrs(AttributeWriter.write(attributes, family(prefix), nlri))
                .build();
    }

    /** What takes out the path that {@link #encode} puts in, whatever its attributes. */
    static Path withdrawal(IpPrefix prefix) {
        return Path.newBuilder()
                .setFamily(family(prefix))
                .setNlri(nlri(prefix))
                .setIsWithdraw(true)
                .build();
    }

    private static Family family(IpPrefix prefix) {
        return prefix.isIpv4() ? IPV4 : IPV6;
    }

    private static Any nlri(IpPrefix prefix) {
        return Any.pack(IPAddressPrefix.newBuilder()
                .setPrefix(prefix.first().toString())
                .setPrefixLen(prefix.isIpv4() ? prefix.bits() - IPV4_BASE : prefix.bits())
                .build());
    }

    /** Empty when it is of another family. Without its attributes when no client put it in. */
    static Optional<RibPath> decode(Path path) {
        return prefix(path).map(prefix -> {
            if (!isLocal(path)) {
                // Of which there may be a million, and nobody asks what they say.
                return new RibPath(prefix, PathAttributes.NONE, false, false);
            }
            AttributeReader reader = new AttributeReader();
            path.getPattrsList().forEach(reader::read);
            return new RibPath(prefix, reader.attributes(), true, reader.isWhole());
        });
    }

    /** Empty when it is of another family. */
    static Optional<IpPrefix> prefix(Path path) {
        boolean ipv4 = path.getFamily().equals(IPV4);
        if (!ipv4 && !path.getFamily().equals(IPV6)) {
            return Optional.empty();
        }
        try {
            if (!path.getNlri().is(IPAddressPrefix.class)) {
                return Optional.empty();
            }
            IPAddressPrefix nlri = path.getNlri().unpack(IPAddressPrefix.class);
            // An IPv4-mapped address would be taken for one of the other family, which has a prefix of the same length.
            return IpAddress.parse(nlri.getPrefix())
                    .filter(first -> first.isIpv4() == ipv4)
                    .flatMap(first -> IpPrefix.of(first, ipv4 ? IPV4_BASE + nlri.getPrefixLen() : nlri.getPrefixLen()));
        } catch (InvalidProtocolBufferException notOne) {
            return Optional.empty();
        }
    }

    /**
     * Whether a client put it in. One with a path identifier is of a client that keeps several paths of one prefix apart: no call of ours
     * replaces or takes it out, no more than a neighbour's.
     */
    static boolean isLocal(Path path) {
        return (path.getNeighborIp().isEmpty() || path.getNeighborIp().equals(NOBODY)) && path.getIdentifier() == 0;
    }
}
