package io.penstock.forwarder.control;

import io.penstock.forwarder.config.PoolConfig.FailBack;
import java.util.Optional;

/**
 * Who of a pool gets new connections, as far as its drains are concerned.
 *
 * @param failBack what is to be done with connections at spares
 * @param bound sources come back to the backend they are bound to, spare or not
 */
record PoolShares(Spares spares, Optional<FailBack> failBack, boolean bound) {}
