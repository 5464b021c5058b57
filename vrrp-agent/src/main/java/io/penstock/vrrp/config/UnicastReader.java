package io.penstock.vrrp.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.net.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code source} and {@code unicast} of one router. */
final class UnicastReader {
    /** Each is sent every advertisement. */
    private static final int MAX_PEERS = 32;

    private static final int MAX_TTL = 255;

    private final List<VipConfig> vips;

    /** @param vips of the router, whose family is that of its advertisements; none when they could not be read */
    UnicastReader(List<VipConfig> vips) {
        this.vips = vips;
    }

    /** @param owner whether the router's VIPs are this host's own addresses */
    Optional<IpAddress> source(ConfigSection router, boolean owner) {
        String expected = "this host's own address on the interface, such as 192.0.2.1";
        return router.optional("source").flatMap(value -> {
            Optional<IpAddress> source =
                    address(value, expected).filter(address -> owner || isNoVip(value, address, "this host's own"));
            if (source.isPresent() && !source.get().isIpv4() && !source.get().isLinkLocal() && !router.has("unicast")) {
                value.problem("must be link-local: advertisements to ff02::12 come from nowhere else (RFC 9568 section"
                        + " 5.1.2.1)");
            }
            return source;
        });
    }

    Optional<UnicastConfig> read(ConfigSection router, Optional<IpAddress> source) {
        return router.section("unicast", unicast -> {
            List<ConfigValue> items = unicast.required("peers")
                    .map(value -> value.items("a list of at least one address of a peer, such as [192.0.2.2]"))
                    .orElse(List.of());
            if (items.size() > MAX_PEERS) {
                unicast.problem("peers", "must be at most " + MAX_PEERS + " peers");
            }
            return new UnicastConfig(
                    peers(items, source),
                    unicast.integer("ttl", UnicastConfig.DEFAULT_TTL, 1, MAX_TTL),
                    unicast.integer("min-ttl", UnicastConfig.DEFAULT_TTL, 1, MAX_TTL));
        });
    }

    private List<IpAddress> peers(List<ConfigValue> items, Optional<IpAddress> source) {
        Map<IpAddress, Integer> lineByPeer = new HashMap<>();
        return items.stream()
                .flatMap(item -> address(item, "the address of a peer, such as 192.0.2.2")
                        .filter(peer -> isNoVip(item, peer, "the peer's own") && isOther(item, peer, source))
                        .filter(peer -> isFirst(item, peer, lineByPeer))
                        .stream())
                .toList();
    }

    private Optional<IpAddress> address(ConfigValue value, String expected) {
        return value.text(expected)
                .flatMap(text -> AddressText.read(value, text, expected))
                .filter(address -> AddressText.isReachable(value, address))
                .filter(address -> isOfFamily(value, address));
    }

    private boolean isOfFamily(ConfigValue value, IpAddress address) {
        if (vips.isEmpty() || vips.get(0).address().isIpv4() == address.isIpv4()) {
            return true;
        }
        value.problem(
                "must be of the same family as the VIPs, " + (address.isIpv4() ? "IPv6" : "IPv4"), address.toString());
        return false;
    }

    private boolean isNoVip(ConfigValue value, IpAddress address, String whose) {
        if (vips.stream().noneMatch(vip -> vip.address().equals(address))) {
            return true;
        }
        value.problem("must be " + whose + " address, not a VIP, which moves");
        return false;
    }

    private static boolean isOther(ConfigValue value, IpAddress peer, Optional<IpAddress> source) {
        if (source.isEmpty() || !source.get().equals(peer)) {
            return true;
        }
        value.problem("must be another host's address, not this one's source");
        return false;
    }

    private static boolean isFirst(ConfigValue value, IpAddress peer, Map<IpAddress, Integer> lineByPeer) {
        Integer firstLine = lineByPeer.putIfAbsent(peer, value.line());
        if (firstLine != null) {
            value.problem("duplicate peer, first at line " + firstLine);
        }
        return firstLine == null;
    }
}
