package io.penstock.bgp.it;

import io.penstock.testing.NetworkNamespace;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** A neighbour of gobgpd's: one session over IPv4 and one over IPv6, each for both families unless said otherwise. */
interface Router extends AutoCloseable {
    /**
     * How it sees its neighbour.
     *
     * @param asn of the router itself; the neighbour's is 65001
     * @param password empty for none
     * @param ttlSecurity whether it takes packets of a direct neighbour only, and sends such
     */
    record Session(long asn, Optional<String> password, boolean ttlSecurity) {
        static final Session EBGP = new Session(65_002, Optional.empty(), false);
        static final Session IBGP = new Session(65_001, Optional.empty(), false);
    }

    /** Of whom. */
    enum Make {
        BIRD,
        FRR;

        /** Starts one; the test is skipped when there is none to be had. */
        Router start(NetworkNamespace host, Path directory, Session session) throws Exception {
            return switch (this) {
                case BIRD -> Bird.start(host, directory, session);
                case FRR -> Frr.start(host, directory, session);
            };
        }
    }

    /** What it has of a prefix, whether it uses it or not. */
    Optional<SeenRoute> route(String prefix) throws Exception;

    /** Whatever it has, of both families. */
    Set<String> prefixes() throws Exception;

    /** What was agreed upon with this neighbour; 0 without a session. */
    long holdTimeS(String neighbour) throws Exception;

    @Override
    void close();
}
