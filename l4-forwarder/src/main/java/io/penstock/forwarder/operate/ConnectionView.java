package io.penstock.forwarder.operate;

import java.time.Duration;
import java.util.Optional;

/**
 * One connection at one moment.
 *
 * @param id the same as long as it is open, and no other's
 * @param backend {@code POOL/ID}; empty while it has none
 * @param idle since a byte was moved
 */
public record ConnectionView(
        long id,
        String service,
        String client,
        Optional<String> backend,
        String state,
        Duration age,
        Duration idle,
        long bytesToBackend,
        long bytesToClient) {}
