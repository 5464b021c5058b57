package io.penstock.netlink;

import java.util.Optional;
import org.agrona.DirectBuffer;

/** Reads one message of the kernel, behind its netlink header. What it says is not trusted: parsers do not throw. */
interface RecordParser<T> {
    /**
     * Makes a record of a message.
     *
     * @param from where the family's own header begins
     * @param limit behind the message
     * @return empty when it is of no interest, or cut short
     */
    Optional<T> parse(DirectBuffer buffer, int from, int limit);
}
