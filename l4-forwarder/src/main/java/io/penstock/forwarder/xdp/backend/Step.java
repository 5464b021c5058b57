package io.penstock.forwarder.xdp.backend;

import java.io.IOException;
import java.util.List;

/** One part of what a host needs. Each call looks anew; nothing is done that is done already. */
interface Step {
    /** Changes nothing. */
    List<Finding> check(Surroundings host) throws IOException, InterruptedException;

    /**
     * Puts right what it can.
     *
     * @return what was changed, a line each
     * @throws IOException in the kernel's words, when that is refused
     */
    default List<String> prepare(Surroundings host) throws IOException, InterruptedException {
        return List.of();
    }

    /**
     * Undoes it.
     *
     * @param last whether no other VIP is left on this host
     * @return what was changed, a line each
     */
    default List<String> remove(Surroundings host, boolean last) throws IOException, InterruptedException {
        return List.of();
    }
}
