package io.penstock.bgp.guard;

/** What an agent says to its guard. */
sealed interface Word {
    /** This counts from now on. */
    record Charged(Charge charge) implements Word {}

    /** The agent's thread turns. */
    record Sign() implements Word {}

    /** The agent ends as it should; nothing is to be done. */
    record Released() implements Word {}

    /** Nobody is at the other end of the pipe any more. */
    record Gone() implements Word {}

    /**
     * It is of another version, or mad.
     *
     * @param cause which line, and why
     */
    record Unreadable(String cause) implements Word {}
}
