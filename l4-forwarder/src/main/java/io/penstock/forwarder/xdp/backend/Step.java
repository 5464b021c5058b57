package io.penstock.forwarder.xdp.backend;

import java.io.IOException;
import java.util.List;

/** One part of what a host needs. Each call looks anew; nothing is done that is done already. */
interface Step {
    /** What it is about, in the words of users. */
    String name();

    /**
     * Changes nothing.
     *
     * @param record as if the plan were prepared already
     */
    List<Finding> check(Surroundings host, HostRecord record) throws IOException, InterruptedException;

    /**
     * Puts right what it can.
     *
     * @param record with the plan's own claims
     * @return what was changed, a line each
     * @throws IOException in the kernel's words, when that is refused
     */
    default List<String> prepare(Surroundings host, HostRecord record) throws IOException, InterruptedException {
        return List.of();
    }

    /**
     * Undoes what a call has done, and no other needs.
     *
     * @param record without the plan's own claims
     * @return what was changed, a line each
     */
    default List<String> remove(Surroundings host, HostRecord record) throws IOException, InterruptedException {
        return List.of();
    }

    /** Whether it must not be done when the other one, which comes first, could not be. */
    default boolean reliesOn(Step other) {
        return false;
    }
}
