package io.penstock.forwarder.config;

/** From which addresses backends are connected to. */
public record SourceConfig() {
    public static final SourceConfig KERNELS_CHOICE = new SourceConfig();
}
