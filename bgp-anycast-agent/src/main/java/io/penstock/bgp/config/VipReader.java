package io.penstock.bgp.config;

import io.penstock.bgp.config.AttributesReader.States;
import io.penstock.bgp.config.VipHealthReader.Place;
import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the entries of {@code vips}. */
final class VipReader {
    /** Those of one host's prefix, in either family. */
    private static final int ONE_HOST = 128;

    private final AllowedPrefixes allowed;
    private final VipHealthReader healthReader;
    private final ThenReader thenReader;

    VipReader(Path configFile, AllowedPrefixes allowed) {
        this.allowed = allowed;
        healthReader = new VipHealthReader(configFile);
        thenReader = new ThenReader(configFile);
    }

    /** Empty when there is no prefix to speak of, or nobody to ask. */
    Optional<VipConfig> read(NamedValue entry, ConfigSection vip) {
        Optional<IpPrefix> prefix = vip.required("prefix").flatMap(allowed::announced);
        Optional<IpAddress> address = address(vip, prefix);
        boolean presence = presence(vip, prefix, address);
        Optional<IpAddress> nextHop = vip.optional("next-hop").flatMap(value -> nextHop(value, prefix));
        Place place = new Place(prefix, address, presence);
        Optional<VipHealth> health = vip.required("health").flatMap(value -> healthReader.read(value, place));
        Optional<HoldDownConfig> holdDown =
                vip.optional("hold-down").map(HoldDownReader::read).orElse(Optional.of(HoldDownConfig.DEFAULT));
        States states = vip.section("attributes", AttributesReader::read).orElse(States.DEFAULT);
        Optional<ThenConfig> then = vip.section("then", section -> thenReader.read(section, entry.name()))
                .flatMap(read -> read);
        return prefix.flatMap(read -> health.map(checked -> new VipConfig(
                entry.name(),
                read,
                address,
                presence,
                nextHop,
                checked,
                holdDown,
                states.up(),
                states.degraded(),
                states.draining(),
                states.drainWait(),
                then)));
    }

    private static Optional<IpAddress> address(ConfigSection vip, Optional<IpPrefix> prefix) {
        String expected = "an address without a length, such as 192.0.2.10";
        Optional<ConfigValue> value = vip.optional("address");
        if (value.isEmpty()) {
            return prefix.filter(VipReader::isOneHost).map(IpPrefix::first);
        }
        return value.get()
                .text(expected)
                .flatMap(text -> AddressText.read(value.get(), text, expected))
                .filter(address -> AddressText.isReachable(value.get(), address))
                .filter(address -> isInside(value.get(), address, prefix));
    }

    private static boolean isInside(ConfigValue value, IpAddress address, Optional<IpPrefix> prefix) {
        boolean inside = prefix.isEmpty() || prefix.get().contains(IpPrefix.around(address, ONE_HOST));
        if (!inside) {
            value.problem("must be an address of the prefix");
        }
        return inside;
    }

    private static boolean presence(ConfigSection vip, Optional<IpPrefix> prefix, Optional<IpAddress> address) {
        boolean presence = vip.bool("presence", address.isPresent());
        if (presence && prefix.isPresent() && !vip.has("address") && address.isEmpty()) {
            vip.problem("presence", "needs address: which of the prefix's is looked for on this host");
        }
        return presence;
    }

    private static Optional<IpAddress> nextHop(ConfigValue value, Optional<IpPrefix> prefix) {
        String expected = "self, or an address without a length, such as 192.0.2.1";
        if (value.was().equals("self")) {
            return Optional.empty();
        }
        return value.text(expected)
                .flatMap(text -> AddressText.read(value, text, expected))
                .filter(address -> AddressText.isReachable(value, address))
                .filter(address -> canForward(value, address, prefix));
    }

    private static boolean canForward(ConfigValue value, IpAddress address, Optional<IpPrefix> prefix) {
        if (address.isLoopback() || address.isLinkLocal()) {
            value.problem("must be an address that routers reach, not loopback or link-local");
            return false;
        }
        if (prefix.isPresent() && prefix.get().isIpv4() != address.isIpv4()) {
            value.problem("is of another family than the prefix");
            return false;
        }
        if (prefix.isPresent()
                && isOneHost(prefix.get())
                && prefix.get().first().equals(address)) {
            value.problem("must be another address than the prefix's own, which would lead to itself");
            return false;
        }
        return true;
    }

    private static boolean isOneHost(IpPrefix prefix) {
        return prefix.bits() == ONE_HOST;
    }
}
