package io.penstock.ecmp.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.InterfaceName;
import io.penstock.ecmp.config.VipConfig.OnRemoval;
import io.penstock.net.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the entries of {@code vips}. */
final class VipReader {
    private static final String EXPECTED = "an address with /32, or /128 in IPv6, such as \"192.0.2.10/32\"";
    private static final Duration MAX_LEASE = Duration.ofHours(1);
    private static final Duration MAX_WAIT = Duration.ofHours(24);
    private static final Map<String, OnRemoval> ON_REMOVAL =
            Map.of("restore", OnRemoval.RESTORE, "fault", OnRemoval.FAULT);

    private final VipHealthReader health;
    private final Map<IpAddress, Integer> lineByAddress = new HashMap<>();

    VipReader(Path configFile) {
        health = new VipHealthReader(configFile);
    }

    /** Empty when there is no address to speak of. */
    Optional<VipConfig> read(NamedValue entry, ConfigSection vip) {
        Optional<IpAddress> address = vip.required("address").flatMap(this::address);
        String interfaceName = InterfaceName.read(vip).orElse(VipConfig.DEFAULT_INTERFACE);
        Duration lease = lease(vip);
        Optional<VipHealth> checked =
                vip.required("health").flatMap(value -> health.read(value, address.orElse(IpAddress.ANY_IPV4)));
        Duration announcement = vip.duration("announcement", VipConfig.DEFAULT_ANNOUNCEMENT, Duration.ZERO, MAX_WAIT);
        Duration drain = vip.duration("drain", VipConfig.DEFAULT_DRAIN, Duration.ZERO, MAX_WAIT);
        OnRemoval onRemoval = vip.oneOf("on-removal", ON_REMOVAL, OnRemoval.RESTORE);
        return address.map(read -> new VipConfig(
                entry.name(),
                read,
                interfaceName,
                lease,
                checked.orElseGet(VipHealth.None::new),
                announcement,
                drain,
                onRemoval));
    }

    private static Duration lease(ConfigSection vip) {
        Duration lease = vip.duration("lease", VipConfig.DEFAULT_LEASE, VipConfig.MIN_LEASE, MAX_LEASE);
        if (lease.toNanosPart() != 0) {
            vip.problem("lease", "must be whole seconds, in which the kernel counts");
            return VipConfig.DEFAULT_LEASE;
        }
        return lease;
    }

    private Optional<IpAddress> address(ConfigValue value) {
        return value.text(EXPECTED).flatMap(text -> address(value, text)).filter(address -> isFirst(value, address));
    }

    private static Optional<IpAddress> address(ConfigValue value, String text) {
        int slash = text.indexOf('/');
        String length = text.indexOf(':') < 0 ? "/32" : "/128";
        if (slash >= 0 && !text.substring(slash).equals(length)) {
            value.problem("must be " + EXPECTED);
            return Optional.empty();
        }
        return AddressText.read(value, slash < 0 ? text : text.substring(0, slash), EXPECTED)
                .filter(address -> canBeVip(value, address));
    }

    private static boolean canBeVip(ConfigValue value, IpAddress address) {
        if (address.isUnicast() && !address.isLoopback() && !address.isLinkLocal()) {
            return true;
        }
        value.problem("must be an address that routers lead to a host, not loopback, link-local or multicast");
        return false;
    }

    private boolean isFirst(ConfigValue value, IpAddress address) {
        Integer firstLine = lineByAddress.putIfAbsent(address, value.line());
        if (firstLine != null) {
            value.problem("duplicate address, first at line " + firstLine);
        }
        return firstLine == null;
    }
}
