package io.penstock.bgp.gobgp.v3;

import com.google.protobuf.Any;
import io.penstock.bgp.gobgp.v3.api.AsPathAttribute;
import io.penstock.bgp.gobgp.v3.api.AsSegment;
import io.penstock.bgp.gobgp.v3.api.CommunitiesAttribute;
import io.penstock.bgp.gobgp.v3.api.ExtendedCommunitiesAttribute;
import io.penstock.bgp.gobgp.v3.api.Family;
import io.penstock.bgp.gobgp.v3.api.LargeCommunitiesAttribute;
import io.penstock.bgp.gobgp.v3.api.LargeCommunity;
import io.penstock.bgp.gobgp.v3.api.LocalPrefAttribute;
import io.penstock.bgp.gobgp.v3.api.MpReachNLRIAttribute;
import io.penstock.bgp.gobgp.v3.api.MultiExitDiscAttribute;
import io.penstock.bgp.gobgp.v3.api.NextHopAttribute;
import io.penstock.bgp.gobgp.v3.api.OriginAttribute;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** Attributes as messages; numbers of 32 bits without a sign are negative where Java has no others. */
final class AttributeWriter {
    private AttributeWriter() {}

    /** @param nlri the prefix, which IPv6 has in the same attribute as the next hop (RFC 4760 section 3) */
    static List<Any> write(PathAttributes attributes, Family family, Any nlri) {
        List<Any> messages = new ArrayList<>();
        messages.add(Any.pack(OriginAttribute.newBuilder()
                .setOrigin(OriginCode.of(attributes.origin()))
                .build()));
        messages.add(nextHop(attributes, family, nlri));
        if (!attributes.asPath().isEmpty()) {
            messages.add(asPath(attributes.asPath()));
        }
        attributes
                .med()
                .ifPresent(med -> messages.add(Any.pack(
                        MultiExitDiscAttribute.newBuilder().setMed((int) med).build())));
        attributes
                .localPref()
                .ifPresent(preference -> messages.add(Any.pack(LocalPrefAttribute.newBuilder()
                        .setLocalPref((int) preference)
                        .build())));
        writeCommunities(attributes, messages);
        return messages;
    }

    private static Any nextHop(PathAttributes attributes, Family family, Any nlri) {
        boolean ipv4 = family.equals(PathCodec.IPV4);
        String nextHop = attributes
                .nextHop()
                .orElse(ipv4 ? IpAddress.ANY_IPV4 : IpAddress.ANY_IPV6)
                .toString();
        return ipv4
                ? Any.pack(NextHopAttribute.newBuilder().setNextHop(nextHop).build())
                : Any.pack(MpReachNLRIAttribute.newBuilder()
                        .setFamily(family)
                        .addNextHops(nextHop)
                        .addNlris(nlri)
                        .build());
    }

    private static Any asPath(List<Long> asns) {
        AsSegment.Builder sequence = AsSegment.newBuilder().setType(AsSegment.Type.AS_SEQUENCE);
        asns.forEach(asn -> sequence.addNumbers(asn.intValue()));
        return Any.pack(AsPathAttribute.newBuilder().addSegments(sequence).build());
    }

    private static void writeCommunities(PathAttributes attributes, List<Any> messages) {
        if (!attributes.communities().isEmpty()) {
            CommunitiesAttribute.Builder message = CommunitiesAttribute.newBuilder();
            attributes.communities().forEach(community -> message.addCommunities(community.value()));
            messages.add(Any.pack(message.build()));
        }
        if (!attributes.extendedCommunities().isEmpty()) {
            ExtendedCommunitiesAttribute.Builder message = ExtendedCommunitiesAttribute.newBuilder();
            attributes
                    .extendedCommunities()
                    .forEach(community -> message.addCommunities(ExtendedCommunityCodec.encode(community)));
            messages.add(Any.pack(message.build()));
        }
        if (!attributes.largeCommunities().isEmpty()) {
            LargeCommunitiesAttribute.Builder message = LargeCommunitiesAttribute.newBuilder();
            attributes
                    .largeCommunities()
                    .forEach(community -> message.addCommunities(LargeCommunity.newBuilder()
                            .setGlobalAdmin((int) community.administrator())
                            .setLocalData1((int) community.first())
                            .setLocalData2((int) community.second())));
            messages.add(Any.pack(message.build()));
        }
    }
}
