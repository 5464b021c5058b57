package io.penstock.forwarder.operate;

import io.penstock.net.IpPrefix;
import java.util.Optional;

/** Which connections are meant: those that fit every part that is present; all of them when none is. */
public record ConnectionFilter(
        Optional<Long> id,
        Optional<String> service,
        Optional<String> pool,
        Optional<String> backend,
        Optional<IpPrefix> client) {
    public static final ConnectionFilter ALL = new ConnectionFilter(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
