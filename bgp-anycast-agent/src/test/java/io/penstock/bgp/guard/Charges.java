package io.penstock.bgp.guard;

import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.config.DaemonConfig.Address;
import io.penstock.bgp.route.LargeCommunity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Charges of tests. */
final class Charges {
    static final LargeCommunity OWNER = new LargeCommunity(65_001, 9, 1);
    static final long AGENT = 4_242;

    private Charges() {}

    static DaemonConfig daemon() {
        return new DaemonConfig(
                new Address.Tcp("127.0.0.1", 50_051),
                Optional.empty(),
                DaemonConfig.DEFAULT_TIMEOUT,
                DaemonConfig.DEFAULT_RESYNC);
    }

    static Charge of(Path run, Duration patience) {
        return new Charge(daemon(), OWNER, patience, run, AGENT);
    }
}
