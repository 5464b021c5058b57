package io.penstock.vrrp.control;

import io.penstock.metrics.Counters;
import io.penstock.net.IpAddress;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.UnicastConfig;
import io.penstock.vrrp.operate.RouterCounter;
import io.penstock.vrrp.protocol.Advertisement;
import io.penstock.vrrp.protocol.AdvertisementCodec;
import io.penstock.vrrp.protocol.ChecksumForm;
import io.penstock.vrrp.protocol.Decoded;
import io.penstock.vrrp.protocol.ReceiveRules;
import io.penstock.vrrp.protocol.Rejection;
import io.penstock.vrrp.protocol.Version;
import io.penstock.vrrp.wire.Packet;
import java.util.Optional;

/**
 * Which packets of its VRID a router takes for advertisements; each that it does not is counted. One whose members are named takes none
 * to the group, and none from anybody else; every other one takes only those to the group.
 */
final class Admission {
    private final Optional<UnicastConfig> unicast;
    private final ReceiveRules rules;
    private final Counters<RouterCounter> counters;

    Admission(RouterConfig router, Counters<RouterCounter> counters) {
        this.counters = counters;
        unicast = router.unicast();
        boolean v2 = router.version() == Version.V2;
        rules = new ReceiveRules(
                router.version(),
                unicast.map(UnicastConfig::minTtl).orElse(ReceiveRules.LINK_TTL),
                v2 ? Optional.of(router.interval()) : Optional.empty(),
                router.password());
    }

    /** What it says, when it is one for this router. */
    Optional<Advertisement> admit(Packet packet) {
        if (!isAddressedToUs(packet.source, packet.destination)) {
            counters.increment(RouterCounter.AUTHENTICATION_ERRORS);
            return Optional.empty();
        }
        Decoded decoded = AdvertisementCodec.decode(
                packet.message, 0, packet.lengthBytes, packet.source, packet.destination, packet.ttl, rules);
        if (decoded instanceof Decoded.Valid valid) {
            count(valid);
            return Optional.of(valid.advertisement());
        }
        counters.increment(counter(((Decoded.Invalid) decoded).rejection()));
        return Optional.empty();
    }

    private boolean isAddressedToUs(IpAddress source, IpAddress destination) {
        return destination.isUnicast()
                ? unicast.isPresent() && unicast.get().peers().contains(source)
                : unicast.isEmpty();
    }

    private void count(Decoded.Valid valid) {
        counters.increment(RouterCounter.RECEIVED);
        if (valid.advertisement().priority() == 0) {
            counters.increment(RouterCounter.PRIORITY_ZERO_RECEIVED);
        }
        if (rules.version() == Version.V3) {
            counters.increment(
                    valid.checksum() == ChecksumForm.RFC5798
                            ? RouterCounter.CHECKSUM_RFC5798
                            : RouterCounter.CHECKSUM_RFC9568);
        }
    }

    private static RouterCounter counter(Rejection rejection) {
        return switch (rejection) {
            case TTL -> RouterCounter.TTL_ERRORS;
            case VERSION -> RouterCounter.VERSION_ERRORS;
            case TYPE -> RouterCounter.TYPE_ERRORS;
            case LENGTH -> RouterCounter.LENGTH_ERRORS;
            case CHECKSUM -> RouterCounter.CHECKSUM_ERRORS;
            case AUTHENTICATION -> RouterCounter.AUTHENTICATION_ERRORS;
            case INTERVAL -> RouterCounter.INTERVAL_ERRORS;
            case ADDRESS -> RouterCounter.ADDRESS_ERRORS;
        };
    }
}
