package io.penstock.forwarder.config;

import io.penstock.net.IpPrefix;
import java.time.Duration;
import java.util.List;

/**
 * From whom a PROXY protocol header is believed.
 *
 * @param from at least one; all others speak for themselves, whatever they send
 * @param timeout for the whole header
 * @param require whether a connection from there without a header is reset
 */
public record ProxyInputConfig(List<IpPrefix> from, Duration timeout, boolean require) {
    /** As long as a lost segment takes to come again, which is what the protocol asks for. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);
}
