package io.penstock.ecmp.host;

import io.penstock.net.IpAddress;
import io.penstock.serving.VipVerdict;
import java.time.Duration;

/**
 * A VIP as people and programs are told of it.
 *
 * @param reason of the state, for people
 * @param sinceNs when the state was reached, on the agent's clock
 * @param verdict what is held of its health now
 * @param leaseLeft until the kernel would remove it; zero when it is not here
 * @param refreshes of leases, since the start
 * @param lapses leases that ran out before the agent came to refresh them
 * @param removals how often someone else removed it
 */
public record VipView(
        String name,
        IpAddress address,
        String interfaceName,
        VipState state,
        String reason,
        long sinceNs,
        VipVerdict verdict,
        Duration leaseLeft,
        long refreshes,
        long lapses,
        long removals) {}
