package io.penstock.bgp.gobgp.v3;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.bgp.gobgp.v3.api.AsPathAttribute;
import io.penstock.bgp.gobgp.v3.api.AsSegment;
import io.penstock.bgp.gobgp.v3.api.CommunitiesAttribute;
import io.penstock.bgp.gobgp.v3.api.ExtendedCommunitiesAttribute;
import io.penstock.bgp.gobgp.v3.api.LargeCommunitiesAttribute;
import io.penstock.bgp.gobgp.v3.api.LocalPrefAttribute;
import io.penstock.bgp.gobgp.v3.api.MpReachNLRIAttribute;
import io.penstock.bgp.gobgp.v3.api.MultiExitDiscAttribute;
import io.penstock.bgp.gobgp.v3.api.NextHopAttribute;
import io.penstock.bgp.gobgp.v3.api.OriginAttribute;
import io.penstock.bgp.route.Community;
import io.penstock.bgp.route.ExtendedCommunity;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.PathAttributes.Origin;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Attributes from the messages of one path, one after the other. Whatever is in them, nothing is thrown: what is not understood is missing. */
final class AttributeReader {
    private static final String PACKAGE = "apipb.";

    private Origin origin = Origin.IGP;
    private Optional<IpAddress> nextHop = Optional.empty();
    private final List<Long> asPath = new ArrayList<>();
    private OptionalLong med = OptionalLong.empty();
    private OptionalLong localPref = OptionalLong.empty();
    private final NavigableSet<Community> communities = new TreeSet<>();
    private final NavigableSet<ExtendedCommunity> extendedCommunities = new TreeSet<>();
    private final NavigableSet<LargeCommunity> largeCommunities = new TreeSet<>();
    private boolean whole = true;

    PathAttributes attributes() {
        return new PathAttributes(
                origin, nextHop, asPath, med, localPref, communities, extendedCommunities, largeCommunities);
    }

    /** Whether all that was read is in {@link #attributes}. */
    boolean isWhole() {
        return whole;
    }

    void read(Any message) {
        try {
            whole &= isUnderstood(message);
        } catch (InvalidProtocolBufferException malformed) {
            whole = false;
        }
    }

    private boolean isUnderstood(Any message) throws InvalidProtocolBufferException {
        String url = message.getTypeUrl();
        var octets = message.getValue();
        String type = url.substring(url.lastIndexOf('/') + 1);
        return type.startsWith(PACKAGE)
                && switch (type.substring(PACKAGE.length())) {
                    case "OriginAttribute" -> readOrigin(OriginAttribute.parseFrom(octets));
                    case "NextHopAttribute" ->
                        readNextHop(NextHopAttribute.parseFrom(octets).getNextHop());
                    case "MpReachNLRIAttribute" ->
                        readNextHops(MpReachNLRIAttribute.parseFrom(octets).getNextHopsList());
                    case "AsPathAttribute" -> readAsPath(AsPathAttribute.parseFrom(octets));
                    case "MultiExitDiscAttribute" -> readMed(MultiExitDiscAttribute.parseFrom(octets));
                    case "LocalPrefAttribute" -> readLocalPref(LocalPrefAttribute.parseFrom(octets));
                    case "CommunitiesAttribute" -> readCommunities(CommunitiesAttribute.parseFrom(octets));
                    case "ExtendedCommunitiesAttribute" -> readExtended(ExtendedCommunitiesAttribute.parseFrom(octets));
                    case "LargeCommunitiesAttribute" -> readLarge(LargeCommunitiesAttribute.parseFrom(octets));
                    default -> false;
                };
    }

    private boolean readOrigin(OriginAttribute message) {
        Optional<Origin> read = OriginCode.parse(message.getOrigin());
        origin = read.orElse(Origin.INCOMPLETE);
        return read.isPresent();
    }

    private boolean readNextHop(String text) {
        Optional<IpAddress> address = IpAddress.parse(text);
        // An unspecified one stands for the address of each session's own end.
        nextHop = address.filter(given -> !given.isAny());
        return address.isPresent();
    }

    private boolean readNextHops(List<String> texts) {
        // A second one is link-local (RFC 2545 section 3).
        return !texts.isEmpty() && readNextHop(texts.get(0)) && texts.size() == 1;
    }

    private boolean readAsPath(AsPathAttribute message) {
        boolean sequences = true;
        for (AsSegment segment : message.getSegmentsList()) {
            sequences &= segment.getType() == AsSegment.Type.AS_SEQUENCE;
            segment.getNumbersList().forEach(asn -> asPath.add(Integer.toUnsignedLong(asn)));
        }
        return sequences;
    }

    private boolean readMed(MultiExitDiscAttribute message) {
        med = OptionalLong.of(Integer.toUnsignedLong(message.getMed()));
        return true;
    }

    private boolean readLocalPref(LocalPrefAttribute message) {
        localPref = OptionalLong.of(Integer.toUnsignedLong(message.getLocalPref()));
        return true;
    }

    private boolean readCommunities(CommunitiesAttribute message) {
        message.getCommunitiesList().forEach(value -> communities.add(new Community(value)));
        return true;
    }

    private boolean readExtended(ExtendedCommunitiesAttribute message) {
        boolean all = true;
        for (Any community : message.getCommunitiesList()) {
            Optional<ExtendedCommunity> read = ExtendedCommunityCodec.decode(community);
            read.ifPresent(extendedCommunities::add);
            all &= read.isPresent();
        }
        return all;
    }

    private boolean readLarge(LargeCommunitiesAttribute message) {
        message.getCommunitiesList()
                .forEach(community -> largeCommunities.add(new LargeCommunity(
                        Integer.toUnsignedLong(community.getGlobalAdmin()),
                        Integer.toUnsignedLong(community.getLocalData1()),
                        Integer.toUnsignedLong(community.getLocalData2()))));
        return true;
    }
}
