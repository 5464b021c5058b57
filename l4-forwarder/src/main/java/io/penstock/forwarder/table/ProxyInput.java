package io.penstock.forwarder.table;

/** Whether, and from whom, a PROXY protocol header comes before the client's bytes. */
public final class ProxyInput {
    /** From nobody. */
    public static final ProxyInput NONE = new ProxyInput();

    private ProxyInput() {}
}
