package io.penstock.bgp.rib;

import io.penstock.net.IpPrefix;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What leads from a table to what is wanted there.
 *
 * @param changes one for a prefix at most; withdrawals come first, for each moment costs packets
 * @param conflicts wanted prefixes at which somebody else was first; nothing is done about them
 */
public record RibChanges(List<Change> changes, Set<IpPrefix> conflicts) {
    public RibChanges {
        changes = List.copyOf(changes);
        conflicts = Collections.unmodifiableSet(new LinkedHashSet<>(conflicts));
    }
}
