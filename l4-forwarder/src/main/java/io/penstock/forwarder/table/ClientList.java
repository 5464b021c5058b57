package io.penstock.forwarder.table;

import io.penstock.net.IpPrefix;
import io.penstock.net.IpPrefixMap;
import io.penstock.net.IpPrefixMapBuilder;
import java.util.Collection;

/** Which addresses may come in. Immutable. */
public final class ClientList {
    /** Nobody is kept out. */
    public static final ClientList EVERYBODY = new ClientList(IpPrefixMap.EMPTY, true);

    private static final int ALLOWED = 1;
    private static final int DENIED = 2;

    private final IpPrefixMap prefixes;
    private final boolean othersAllowed;

    private ClientList(IpPrefixMap prefixes, boolean othersAllowed) {
        this.prefixes = prefixes;
        this.othersAllowed = othersAllowed;
    }

    /**
     * The longest prefix that contains an address decides; of two equal ones the denial.
     *
     * @param othersAllowed whether an address that no prefix contains may come in
     */
    public static ClientList of(Collection<IpPrefix> allowed, Collection<IpPrefix> denied, boolean othersAllowed) {
        IpPrefixMapBuilder prefixes = new IpPrefixMapBuilder();
        allowed.forEach(prefix -> prefixes.add(prefix, ALLOWED));
        denied.forEach(prefix -> prefixes.add(prefix, DENIED));
        return new ClientList(prefixes.build(), othersAllowed);
    }

    /** The halves are those of an IpAddress. */
    public boolean allows(long high, long low) {
        return switch (prefixes.get(high, low)) {
            case ALLOWED -> true;
            case DENIED -> false;
            default -> othersAllowed;
        };
    }

    /** How many ranges the prefixes make. */
    public int ranges() {
        return prefixes.ranges();
    }
}
