package io.penstock.forwarder.control;

import io.penstock.forwarder.config.OutgoingConfig;
import io.penstock.forwarder.config.SourceConfig;
import io.penstock.forwarder.table.Outgoing;
import io.penstock.forwarder.table.SourceAddresses;
import io.penstock.net.BindOptions;

/** How workers are told to connect to the backends of a pool as configured. */
final class Outgoings {
    private Outgoings() {}

    static Outgoing of(OutgoingConfig config) {
        return new Outgoing(source(config.source()), ProxyHeaders.header(config.header()));
    }

    private static SourceAddresses source(SourceConfig config) {
        return new SourceAddresses(
                config.addresses(),
                config.interfaceName().orElse(BindOptions.ANY_DEVICE),
                config.transparent(),
                config.fastOpen());
    }
}
