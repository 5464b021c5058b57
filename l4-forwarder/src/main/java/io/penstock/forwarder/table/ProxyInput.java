package io.penstock.forwarder.table;

import io.penstock.net.IpPrefix;
import io.penstock.net.IpPrefixMap;
import io.penstock.net.IpPrefixMapBuilder;
import java.util.Collection;
import java.util.List;

/** Whether, and from whom, a PROXY protocol header comes before the client's bytes. Immutable. */
public final class ProxyInput {
    /** From nobody. */
    public static final ProxyInput NONE = new ProxyInput(List.of(), 0, false);

    private static final int TRUSTED = 1;

    private final IpPrefixMap trusted;
    private final long timeoutNs;
    private final boolean required;

    /**
     * @param trusted who may say whom it speaks for; all others speak for themselves, whatever they send
     * @param timeoutNs for the whole header, from the accept on
     * @param required whether those that are trusted must send one
     */
    public ProxyInput(Collection<IpPrefix> trusted, long timeoutNs, boolean required) {
        IpPrefixMapBuilder prefixes = new IpPrefixMapBuilder();
        trusted.forEach(prefix -> prefixes.add(prefix, TRUSTED));
        this.trusted = trusted.isEmpty() ? IpPrefixMap.EMPTY : prefixes.build();
        this.timeoutNs = timeoutNs;
        this.required = required;
    }

    /** Whether a client at this address may send a header; the halves are those of an IpAddress. */
    public boolean trusts(long high, long low) {
        return trusted.get(high, low) == TRUSTED;
    }

    public long timeoutNs() {
        return timeoutNs;
    }

    public boolean isRequired() {
        return required;
    }
}
