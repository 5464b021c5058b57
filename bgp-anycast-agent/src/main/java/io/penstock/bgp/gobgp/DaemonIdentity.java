package io.penstock.bgp.gobgp;

/**
 * Who a daemon is.
 *
 * @param asn its own; 0 when it was not started yet
 * @param routerId in dotted form; empty when it was not started yet
 */
public record DaemonIdentity(long asn, String routerId) {
    public boolean isStarted() {
        return asn != 0;
    }
}
