package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;

/** Reads {@code send-proxy} of a pool. */
final class ProxyHeaderReader {
    private ProxyHeaderReader() {}

    static ProxyHeaderConfig read(ConfigSection pool) {
        return ProxyHeaderConfig.NONE;
    }
}
