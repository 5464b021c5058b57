package io.penstock.forwarder.config;

import java.util.Map;

/**
 * The PROXY protocol header that backends expect. All but the version is of version 2 only.
 *
 * @param uniqueId whether each connection is given one
 * @param checksum whether it is sent
 * @param tlvs texts by type, from {@link #MIN_TLV} to {@link #MAX_TLV}
 * @param passTlvs what goes on of the header that a client came with
 */
public record ProxyHeaderConfig(
        Version version, boolean uniqueId, boolean checksum, Map<Integer, String> tlvs, PassTlvs passTlvs) {
    /** The types that the protocol leaves to applications. */
    public static final int MIN_TLV = 0xe0;

    public static final int MAX_TLV = 0xef;

    /** In characters; a header should fit the smallest segment, 536 octets. */
    public static final int MAX_TLV_LENGTH = 128;

    public static final ProxyHeaderConfig NONE = of(Version.NONE);

    public enum Version {
        NONE,
        V1,
        V2
    }

    public enum PassTlvs {
        NONE,
        AUTHORITY,
        ALL
    }

    public static ProxyHeaderConfig of(Version version) {
        return new ProxyHeaderConfig(version, false, false, Map.of(), PassTlvs.AUTHORITY);
    }
}
