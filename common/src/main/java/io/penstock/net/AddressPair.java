package io.penstock.net;

/**
 * The two ends of a connection, each address as the halves of an {@link IpAddress}. Mutable, so that who sees many
 * connections needs no object for each. NOT thread safe.
 */
public final class AddressPair {
    private long sourceHigh;
    private long sourceLow;
    private int sourcePort;
    private long destinationHigh;
    private long destinationLow;
    private int destinationPort;

    public AddressPair source(long high, long low, int port) {
        sourceHigh = high;
        sourceLow = low;
        sourcePort = port;
        return this;
    }

    public AddressPair destination(long high, long low, int port) {
        destinationHigh = high;
        destinationLow = low;
        destinationPort = port;
        return this;
    }

    public AddressPair set(AddressPair other) {
        source(other.sourceHigh, other.sourceLow, other.sourcePort);
        return destination(other.destinationHigh, other.destinationLow, other.destinationPort);
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public int sourcePort() {
        return sourcePort;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }

    public int destinationPort() {
        return destinationPort;
    }

    /** Whether both ends are IPv4. */
    public boolean isIpv4() {
        return IpAddress.isIpv4(sourceHigh, sourceLow) && IpAddress.isIpv4(destinationHigh, destinationLow);
    }

    @Override
    public String toString() {
        return new Endpoint(new IpAddress(sourceHigh, sourceLow), sourcePort) + " -> "
                + new Endpoint(new IpAddress(destinationHigh, destinationLow), destinationPort);
    }
}
