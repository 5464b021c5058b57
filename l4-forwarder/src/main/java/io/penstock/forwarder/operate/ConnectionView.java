package io.penstock.forwarder.operate;

import java.time.Duration;
import java.util.Optional;

/**
 * One TCP connection or UDP session at one moment.
 *
 * @param id the same as long as it is open, and no other's
 * @param protocol {@code tcp} or {@code udp}
 * @param backend {@code POOL/ID}; empty while it has none
 * @param state of a session {@code one-way} before the first reply, {@code answered} until its client speaks again, then
 *     {@code established}
 * @param idle since a byte or a datagram was moved
 */
public record ConnectionView(
        long id,
        String protocol,
        String service,
        String client,
        Optional<String> backend,
        String state,
        Duration age,
        Duration idle,
        long bytesToBackend,
        long bytesToClient) {}
