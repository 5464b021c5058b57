package io.penstock.forwarder.table;

/** The PROXY protocol header that a pool's backends expect. Immutable. */
public final class ProxyHeader {
    /** None. */
    public static final ProxyHeader NONE = new ProxyHeader(Version.NONE, false, false, Passing.NONE, new byte[0]);

    public enum Version {
        NONE,
        V1,
        V2
    }

    /** Which entries of the header that a client came with go on to the backend. */
    public enum Passing {
        NONE,
        /** The host name that the client asked for, of a proxy that has seen it. */
        AUTHORITY,
        ALL
    }

    private final Version version;
    private final boolean uniqueId;
    private final boolean checksum;
    private final Passing passing;
    private final byte[] entries;

    /**
     * @param version what follows is for version 2 only
     * @param uniqueId whether the connection is given one, or keeps the one it came with
     * @param entries in the form of the protocol, types in its custom range; not copied, so nobody may change them
     */
    public ProxyHeader(Version version, boolean uniqueId, boolean checksum, Passing passing, byte[] entries) {
        this.version = version;
        this.uniqueId = uniqueId;
        this.checksum = checksum;
        this.passing = passing;
        this.entries = entries;
    }

    public Version version() {
        return version;
    }

    public boolean uniqueId() {
        return uniqueId;
    }

    public boolean checksum() {
        return checksum;
    }

    public Passing passing() {
        return passing;
    }

    /** For reading only. */
    public byte[] entries() {
        return entries;
    }
}
