package io.penstock.forwarder.config;

/** The PROXY protocol header that backends expect. */
public record ProxyHeaderConfig() {
    public static final ProxyHeaderConfig NONE = new ProxyHeaderConfig();
}
