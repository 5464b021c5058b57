package io.penstock.net;

/** Keyed hash of flows; body follows. */
public final class FlowHash {
    public FlowHash(long k0, long k1) {}
}
