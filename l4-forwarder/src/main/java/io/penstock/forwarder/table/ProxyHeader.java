package io.penstock.forwarder.table;

/** The PROXY protocol header that a pool's backends expect. */
public final class ProxyHeader {
    public static final ProxyHeader NONE = new ProxyHeader();

    private ProxyHeader() {}
}
