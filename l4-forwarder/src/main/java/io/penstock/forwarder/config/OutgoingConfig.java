package io.penstock.forwarder.config;

/** How a pool's backends are connected to. */
public record OutgoingConfig(SourceConfig source, ProxyHeaderConfig header) {
    public static final OutgoingConfig PLAIN = new OutgoingConfig(SourceConfig.KERNELS_CHOICE, ProxyHeaderConfig.NONE);
}
