package io.penstock.forwarder.table;

/** From which of this host's addresses, or the client's own, backends are connected to. */
public final class SourceAddresses {
    public static final SourceAddresses KERNELS_CHOICE = new SourceAddresses();

    private SourceAddresses() {}
}
