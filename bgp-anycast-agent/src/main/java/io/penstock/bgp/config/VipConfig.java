package io.penstock.bgp.config;

import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.time.Duration;
import java.util.Optional;

/**
 * A prefix that is announced while this host can serve it.
 *
 * @param name in metrics and logs
 * @param address that is served, and looked for on this host; empty when the prefix is of several and the file names none
 * @param presence whether the address has to be on this host before it is announced
 * @param nextHop empty for the session's own address
 * @param holdDown empty to announce again at once, however often it flaps
 * @param drainWait how long it stays announced as draining before it is withdrawn
 * @param then who is told that it was withdrawn after a drain
 */
public record VipConfig(
        String name,
        IpPrefix prefix,
        Optional<IpAddress> address,
        boolean presence,
        Optional<IpAddress> nextHop,
        VipHealth health,
        Optional<HoldDownConfig> holdDown,
        AttributesConfig up,
        AttributesConfig degraded,
        AttributesConfig draining,
        Duration drainWait,
        Optional<ThenConfig> then) {
    public static final Duration DEFAULT_DRAIN_WAIT = Duration.ofSeconds(30);
}
