package io.penstock.forwarder.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What is measured beyond counting.
 *
 * @param latencies whether times are recorded as histograms
 * @param tcpInfo how often each worker asks the kernel how some of its connections to backends fare; empty for never
 */
public record MetricsConfig(boolean latencies, Optional<Duration> tcpInfo) {
    /** At 64 sockets a worker each time, some tenths of a millisecond of system calls a second. */
    public static final Duration DEFAULT_TCP_INFO = Duration.ofSeconds(1);

    /** Below, the samples would cost what they are to show. */
    public static final Duration MIN_TCP_INFO = Duration.ofMillis(100);

    public static final Duration MAX_TCP_INFO = Duration.ofHours(1);

    public static final MetricsConfig DEFAULT = new MetricsConfig(true, Optional.of(DEFAULT_TCP_INFO));

    public static final MetricsConfig NONE = new MetricsConfig(false, Optional.empty());
}
