package io.penstock.vrrp.address;

import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A VIP at one moment. A value.
 *
 * @param present whether this host answers for it, by whoever's hand
 * @param leaseLeft at least this long the kernel keeps an address of ours; empty when it is not ours
 */
public record VipView(
        String router,
        IpAddress address,
        int prefixBits,
        String interfaceName,
        boolean present,
        Optional<Duration> leaseLeft) {}
