package io.penstock.forwarder.control;

import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.UdpConfig;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.forwarder.table.UdpOptions.Fragmentation;
import java.time.Duration;

/** Makes what workers see of a service's datagrams from what is configured. */
final class UdpSettings {
    private UdpSettings() {}

    static UdpOptions of(ServiceConfig service) {
        UdpConfig udp = service.udp();
        return new UdpOptions(
                udp.mode() == UdpConfig.Mode.PER_PACKET,
                udp.responses().orElse(UdpOptions.ANY),
                service.timeouts().idle().toNanos(),
                udp.rehome().map(Duration::toNanos).orElse(Timeouts.NONE),
                fragmentation(udp.dontFragment()),
                udp.receiveBufferBytes(),
                udp.sendBufferBytes());
    }

    private static Fragmentation fragmentation(UdpConfig.DontFragment configured) {
        return switch (configured) {
            case AUTO -> Fragmentation.AUTO;
            case ALWAYS -> Fragmentation.NEVER;
            case NEVER -> Fragmentation.ALLOWED;
        };
    }
}
